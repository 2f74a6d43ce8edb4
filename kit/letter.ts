/** Letters about a change of second factors. */
export const factorLetterKinds = [
  'TOTP_ENABLED',
  'TOTP_DISABLED',
  'PASSKEY_ADDED',
  'PASSKEY_REMOVED',
  'RECOVERY_CODES_REPLACED',
  'RECOVERY_CODE_USED',
] as const
export type FactorLetterKind = (typeof factorLetterKinds)[number]

/** Letters about an account; two rooms must agree on what they are called. */
export const letterKinds = [
  'VERIFY_EMAIL',
  'RESET_PASSWORD',
  'ACCOUNT_EXISTS',
  'PASSWORD_CHANGED',
  ...factorLetterKinds,
] as const
export type LetterKind = (typeof letterKinds)[number]

/** Whom the token of a letter is sealed for: it opens for no other letter. */
export const letterOwner = ({ personId, kind }: { personId: string; kind: LetterKind }) =>
  `letter ${kind} ${personId}`
