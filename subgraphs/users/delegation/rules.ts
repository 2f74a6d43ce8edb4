import { type UserError, userError } from '#kit/user-error'
import { delegableScopes } from '#schema/scopes'

const daysMax = 365
const dayMs = 86_400_000
const reasonMax = 500
/** More than anybody needs; a list without an end is a way to make the server slow. */
export const delegationsMax = 50

export type Grant = {
  readonly scopes: readonly string[]
  readonly expiresAt: Date
  readonly reason: string | null
}

type Input = {
  scopes: readonly string[]
  expiresAt: Date
  reason?: string | null | undefined
}

type Giver = { readonly scopes: ReadonlySet<string>; readonly at: Date }
type Fault = (input: Input, giver: Giver) => UserError<'ValidationError'> | null

const isDelegable = (scope: string) => delegableScopes.some((known) => known === scope)

const ofScopes: Fault = ({ scopes }, giver) => {
  const wrong = scopes.find((scope) => !isDelegable(scope) || !giver.scopes.has(scope))
  if (wrong !== undefined)
    return userError('ValidationError', 'You may hand on what you may do yourself.', ['scopes'])
  return scopes.length > 0
    ? null
    : userError('ValidationError', 'Name at least one scope.', ['scopes'])
}

const ofEnd: Fault = ({ expiresAt }, { at }) => {
  const ms = expiresAt.getTime() - at.getTime()
  return ms > 0 && ms <= daysMax * dayMs
    ? null
    : userError('ValidationError', 'Choose an end within a year from now.', ['expiresAt'])
}

const ofReason: Fault = ({ reason }) =>
  [...(reason?.trim() ?? '')].length <= reasonMax
    ? null
    : userError('ValidationError', `A reason has at most ${reasonMax} characters.`, ['reason'])

/** The delegation that can be given, or the first fault with its path. */
export function grantFrom(input: Input, giver: Giver): Grant | UserError<'ValidationError'> {
  for (const faultOf of [ofScopes, ofEnd, ofReason]) {
    const fault = faultOf(input, giver)
    if (fault) return fault
  }
  const { expiresAt, reason } = input
  return { scopes: [...new Set(input.scopes)].sort(), expiresAt, reason: reason?.trim() || null }
}
