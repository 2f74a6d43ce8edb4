import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { firstFault, type UserError } from '#kit/user-error'
import { roleScopes } from '#schema/scopes'

/** What a partner's program may ever be given. */
export const partnerScopes = roleScopes.PARTNER_APP
export type PartnerScope = (typeof partnerScopes)[number]

const rateLimitMax = 6_000

/** What every program has, whether it comes with a secret or with a key. */
export const ClientDraft = z.object({
  name: z.string().trim().min(1, 'Write a name.').max(80, 'A name has at most 80 characters.'),
  scopes: z
    .array(z.enum(partnerScopes, `A partner's scopes are ${partnerScopes.join(', ')}.`))
    .min(1, 'Choose at least one scope.')
    .transform((scopes) => partnerScopes.filter((scope) => scopes.includes(scope))),
  rateLimitPerMinute: z
    .number()
    .int()
    .min(1, 'At least one request a minute.')
    .max(rateLimitMax, `At most ${rateLimitMax} requests a minute.`),
})

export type ClientDraft = z.infer<typeof ClientDraft>
type ClientInput = { name: string; scopes: readonly string[]; rateLimitPerMinute: number }

/** A client that can be registered, each scope once, or the first fault with its path. */
export function clientDraftFrom(input: ClientInput): ClientDraft | UserError<'ValidationError'> {
  const { data, error } = ClientDraft.safeParse(input)
  return error ? firstFault(error.issues) : data
}

/** 256 random bits, in characters that need no escaping in a header, a form or a shell. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Takes the same time wherever the two differ. */
export const secretMatches = (hash: Buffer, secret: string): boolean =>
  timingSafeEqual(hash, secretHash(secret))

/** For how long a repeated registration, whose answer was lost, still gets a secret. */
export const repeatableMinutes = 10
