import { type UserError, userError } from '#kit/user-error'
import { mayActAs, type Role, scopesOf } from '#schema/scopes'
import { heldOf } from './policy.ts'

export const minutesMax = 15
const reasonMin = 10
const reasonMax = 500

export type Impersonation = {
  readonly reason: string
  readonly minutes: number
  readonly readOnly: boolean
}

type Input = {
  reason: string
  minutes?: number | null | undefined
  readOnly?: boolean | null | undefined
}

/** The impersonation that is asked for, or the first fault with its path. */
export function impersonationFrom(input: Input): Impersonation | UserError<'ValidationError'> {
  const reason = input.reason.trim()
  const minutes = input.minutes ?? minutesMax
  const { length } = [...reason]
  if (length < reasonMin || length > reasonMax) {
    const message = `Say why, in ${reasonMin} to ${reasonMax} characters.`
    return userError('ValidationError', message, ['reason'])
  }
  if (minutes < 1 || minutes > minutesMax) {
    return userError('ValidationError', `Choose 1 to ${minutesMax} minutes.`, ['minutes'])
  }
  return { reason, minutes, readOnly: input.readOnly ?? true }
}

/** An act that has not been ended, and the session that it was begun in; null when that is over or acts no more. */
export type OpenAct = {
  readonly endsAt: Date
  readonly session: {
    readonly roles: readonly Role[]
    readonly actingRoles: readonly Role[]
    readonly actingScopes: readonly string[] | null
    readonly readOnly: boolean
  } | null
}

export type Why = 'asked' | 'expired' | 'session-ended' | 'withdrawn' | 'right-lost'

/** Why an act is over; null while it goes on. */
export function whyOver({ endsAt, session }: OpenAct, at: Date): Why | null {
  if (endsAt <= at) return 'expired'
  if (!session) return 'session-ended'
  const { roles, actingRoles, actingScopes, readOnly } = session
  const mayGoOn = actingScopes
    ? heldOf(actingScopes, actingRoles).length > 0
    : mayActAs({ by: scopesOf(roles), roles: actingRoles, readOnly })
  return mayGoOn ? null : 'right-lost'
}
