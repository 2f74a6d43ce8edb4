import { createHmac, timingSafeEqual } from 'node:crypto'

/** What was offered: one service under the terms of one version, at one start. */
export type SlotOffer = { serviceId: string; startsAt: Date; termsVersion: number }
export type SlotClaim = SlotOffer & { expiresAt: Date }

/** Signs offers and reads them back. `read` gives null for anything that was not signed here or has expired. */
export type SlotTokens = {
  sign(offer: SlotOffer, now: Date): string
  read(token: string, now: Date): SlotClaim | null
}

const label = 'plexus.slot.1'
const tokenCharsMax = 400

type Claims = readonly [
  serviceId: string,
  startsAt: number,
  termsVersion: number,
  expiresAt: number,
]

const isClaims = (value: unknown): value is Claims =>
  Array.isArray(value) &&
  value.length === 4 &&
  typeof value[0] === 'string' &&
  value.slice(1).every(Number.isSafeInteger)

/** HMAC-SHA256 over a label of our own and the claims: a token signed for anything else says nothing here. */
export function createSlotTokens(options: { secret: string; lifetimeMs: number }): SlotTokens {
  const macOf = (body: string) =>
    createHmac('sha256', options.secret).update(`${label}.${body}`).digest('base64url')
  const isGenuine = (body: string, mac: string) => {
    const [expected, given] = [Buffer.from(macOf(body)), Buffer.from(mac)]
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  return {
    sign({ serviceId, startsAt, termsVersion }, now) {
      const claims: Claims = [
        serviceId,
        startsAt.getTime(),
        termsVersion,
        now.getTime() + options.lifetimeMs,
      ]
      const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
      return `${body}.${macOf(body)}`
    },
    read(token, now) {
      const [body, mac, ...rest] = token.length > tokenCharsMax ? [] : token.split('.')
      if (!body || !mac || rest.length > 0 || !isGenuine(body, mac)) return null
      const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
      if (!isClaims(claims)) return null
      const [serviceId, startsAt, termsVersion, expiresAt] = claims
      if (expiresAt <= now.getTime()) return null
      return {
        serviceId,
        startsAt: new Date(startsAt),
        termsVersion,
        expiresAt: new Date(expiresAt),
      }
    },
  }
}
