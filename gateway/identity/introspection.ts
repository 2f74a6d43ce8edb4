import { z } from 'zod'
import { AppError } from '#kit/errors'
import { createLru } from '../lru.ts'
import type { Bearer } from './bearer.ts'
import {
  type BearerCaller,
  CallerClaims,
  callerOf,
  expired,
  type LevelLimit,
  notValid,
} from './caller.ts'
import { guardedBy, type Unguarded } from './guards.ts'
import { tokenBytesMax } from './keys.ts'

export type IntrospectionOptions = Unguarded &
  LevelLimit & {
    readonly issuer: string
    readonly audience: string
    /** Asks the provider with our own credentials. Throws UNAVAILABLE while it is out of reach. */
    readonly ask: (token: string) => Promise<unknown>
    readonly now: () => Date
  }

/** A token that the provider ends meanwhile is believed no longer than this. */
const keptMs = 30_000
const cacheBounds = { entriesMax: 5_000, bytesMax: 16_777_216 }
/** Whoever sends what nobody knows must not make us ask for all of it. */
const askedAtOnceMax = 100

const Answer = z.object({ active: z.boolean() })

const Active = CallerClaims.extend({
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  iss: z.string().optional(),
  exp: z.number().optional(),
  typ: z.string().optional(),
  token_type: z.string().optional(),
})
type Active = z.infer<typeof Active>

type Known = { readonly caller: BearerCaller; readonly until: number }

/** Tokens that say nothing themselves: the provider says what they are. Source: RFC 7662. */
export function createIntrospection(options: IntrospectionOptions): Bearer {
  const { ask, now } = options
  const known = createLru<string, Known>(cacheBounds)
  const asking = new Map<string, Promise<BearerCaller>>()
  const load = async (token: string): Promise<BearerCaller> => {
    const at = now()
    const answer = await ask(token).catch((cause: unknown) => {
      // Our own credentials refused, or no answer at all: nobody has said that the token is bad.
      throw cause instanceof AppError ? cause : unavailable(cause)
    })
    const caller = callerFrom(answer, options)
    const until = Math.min(at.getTime() + keptMs, caller.provenUntil.getTime())
    known.set(token, { caller, until }, token.length)
    return caller
  }
  return {
    verify: async (token) => {
      if (token.length > tokenBytesMax) throw notValid()
      const entry = known.get(token)
      if (entry && entry.until > now().getTime()) return entry.caller
      const pending = asking.get(token)
      if (pending) return pending
      if (asking.size >= askedAtOnceMax) throw unavailable()
      const started = load(token).finally(() => asking.delete(token))
      asking.set(token, started)
      return started
    },
  }
}

const unavailable = (cause?: unknown) =>
  new AppError('UNAVAILABLE', 'Tokens cannot be checked for a moment. Try again.', { cause })

/** Introspection knows refresh tokens too; only one that is presented to an API is meant here. */
const isAccessToken = ({ token_type = '', typ }: Active) =>
  (typ === undefined || typ === 'Bearer' || typ === 'DPoP') &&
  (typ !== undefined || /^(bearer|dpop)$/i.test(token_type))

function callerFrom(answer: unknown, options: IntrospectionOptions): BearerCaller {
  const { issuer, audience, now, stepUpMs } = options
  const inForce = guardedBy(options)
  const said = Answer.safeParse(answer)
  if (!said.success) throw unavailable()
  if (inForce('introspection-active') && !said.data.active) throw notValid()
  const { data: claims } = Active.safeParse(answer)
  if (!claims) throw notValid()
  if (inForce('introspection-use') && !isAccessToken(claims)) throw notValid()
  if (inForce('introspection-issuer') && (claims.iss ?? issuer) !== issuer) throw notValid()
  if (inForce('introspection-audience') && ![claims.aud].flat().includes(audience)) throw notValid()
  const { exp } = claims
  const isOver = exp === undefined || exp * 1_000 <= now().getTime()
  if (inForce('introspection-expiry') && isOver) throw expired()
  const provenUntil = new Date(isOver ? now().getTime() + keptMs : exp * 1_000)
  return callerOf(claims, { issuer, provenUntil, stepUpMs })
}
