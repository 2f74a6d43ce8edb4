import type { FactorLetterKind } from '#kit/letter'

/** Seconds a person's codes are locked after the n-th failure in a row; the last row holds for every later one. */
export const proofLockSeconds = [0, 0, 0, 0, 60, 120, 300, 900, 1_800, 3_600] as const

/** So many wrong codes in a row are free. */
export const freeProofs = proofLockSeconds.findIndex((seconds) => seconds > 0) + 1

/** Failures in a row are forgotten after this time without another one. */
export const proofFailuresForgottenAfterHours = 24

/** What somebody can prove themselves with beside the password. */
export type Factors = {
  readonly totp: boolean
  readonly passkeys: number
  readonly recoveryCodes: number
}

/** Recovery codes stand in for a factor; alone they are none. */
export const hasFactor = ({ totp, passkeys }: Factors): boolean => totp || passkeys > 0

/** What was done to somebody's factors, as the audit names it, and the letter about it. */
export const factorChanges = {
  'totp-enabled': 'TOTP_ENABLED',
  'totp-disabled': 'TOTP_DISABLED',
  'passkey-added': 'PASSKEY_ADDED',
  'passkey-removed': 'PASSKEY_REMOVED',
  'recovery-codes-replaced': 'RECOVERY_CODES_REPLACED',
  'recovery-code-used': 'RECOVERY_CODE_USED',
} as const satisfies Record<string, FactorLetterKind>
export type FactorChange = keyof typeof factorChanges
