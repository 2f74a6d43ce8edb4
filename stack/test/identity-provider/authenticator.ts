import { TOTP } from 'otpauth'
import type { Authenticator } from './parties.ts'

const stepMs = 30_000

/**
 * Codes of that secret, in base32. Providers take one of a step before and one after their own, and
 * none twice: from the oldest on there are three in half a minute.
 */
export function authenticatorOf(secret: string): Authenticator {
  const totp = new TOTP({ secret })
  let last = 0
  return {
    code: () => {
      const current = Math.floor(Date.now() / stepMs)
      last = Math.max(last + 1, current - 1)
      if (last > current + 1) throw new Error('There is no code left for now.')
      return totp.generate({ timestamp: last * stepMs })
    },
  }
}
