import { timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'

/** What every authenticator app understands; most ignore anything else. Source: RFC 6238. */
const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const secretBytes = 20

/** How many steps a clock may be off, before and after. Source: RFC 6238, 5.2. */
const stepWindow = [-1, 0, 1]

export const totpPendingMs = 10 * 60_000

/** 160 random bits in base32. Source: RFC 4226, 4, R6. */
export const newTotpSecret = (): string => new Secret({ size: secretBytes }).base32

/** What the QR code holds. */
export const otpauthUrlOf = ({ secret, email }: { secret: string; email: string }): string =>
  new TOTP({ ...parameters, issuer: 'Plexus', label: email, secret }).toString()

/** Six digits; people type a blank in the middle. Null for anything else. */
export function totpCodeFrom(text: string): string | null {
  const digits = text.length <= 32 ? text.replace(/\s/g, '') : ''
  return /^\d{6}$/.test(digits) ? digits : null
}

export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1_000 / parameters.period)

const codeAt = (secret: string, counter: number): string =>
  HOTP.generate({ ...parameters, secret: Secret.fromBase32(secret), counter })

/**
 * The step whose code this is, of the current one and its neighbours; null for none. Every step is
 * compared whole, so the time tells nothing.
 */
export function matchingStep(secret: string, code: string, at: Date): number | null {
  const given = Buffer.from(code)
  const matches = stepWindow.map((offset) => {
    const step = stepAt(at) + offset
    const expected = Buffer.from(codeAt(secret, Math.max(0, step)))
    return expected.length === given.length && timingSafeEqual(expected, given) ? step : null
  })
  return matches.find((step) => step !== null) ?? null
}
