import { userError } from '#kit/user-error'
import type { Context } from '../context.ts'
import { raise } from '../security/raise.ts'
import type { Owner } from '../security/standing.ts'
import { finishAssertion, startAssertion } from './assert.ts'
import { passkeysOf } from './queries.ts'
import { sessionOf } from './registration.ts'

const placeOf = (owner: Owner, at: Date) => ({
  party: owner.secondFactor.relyingParty,
  purpose: 'verify' as const,
  boundTo: sessionOf(owner),
  at,
})

/** What the browser needs to sign with one of the owner's passkeys. */
export function startVerification({ db, now }: Context, owner: Owner) {
  const { personId } = owner
  const place = placeOf(owner, now())
  return db.write(async (sql) => {
    const passkeys = await passkeysOf(sql, personId)
    if (passkeys.length === 0) return userError('ConflictError', 'You have no passkey.')
    const options = await startAssertion(sql, place, { personId, passkeys })
    return { __typename: 'PasskeyChallenge' as const, options }
  })
}

/** Raises the session's level when the answer holds. No guess can hit, so none is counted. */
export function finishVerification({ db, now }: Context, owner: Owner, response: string) {
  const at = now()
  const place = placeOf(owner, at)
  return db.write(async (sql) => {
    const passkey = await finishAssertion(sql, place, response)
    if (passkey?.personId !== owner.personId) {
      return userError('ValidationError', 'This passkey could not be checked. Begin again.', [
        'response',
      ])
    }
    return { __typename: 'PasskeyVerified' as const, acr: await raise(sql, owner, at) }
  })
}
