import { finishAssertion, startAssertion } from '../passkey/assert.ts'
import { passkeysOf } from '../passkey/queries.ts'
import type { SecondFactor } from '../security/second-factor.ts'
import type { Awaited } from './step.ts'
import type { Deps, Visit } from './visit.ts'

/** Where this browser's answer belongs: to this sign-in and to no other. */
const placeOf = ({ interaction }: Visit, { now }: Deps, { relyingParty }: SecondFactor) => ({
  party: relyingParty,
  purpose: 'sign-in' as const,
  boundTo: interaction.uid,
  at: now(),
})

/** Options for one of the person's passkeys; for any that we know while nobody said who they are. */
export async function passkeyOptions(
  visit: Visit,
  deps: Deps,
  awaited: Awaited | null,
): Promise<string | null> {
  const { db, secondFactor } = deps
  if (!secondFactor || awaited?.factors.passkeys === 0) return null
  const place = placeOf(visit, deps, secondFactor)
  const personId = awaited?.accountId ?? null
  return db.write(async (sql) => {
    const passkeys = personId ? await passkeysOf(sql, personId) : []
    return startAssertion(sql, place, { personId, passkeys })
  })
}

/** Whose passkey answered for this sign-in; null when it does not hold. */
export async function passkeyHolder(
  visit: Visit,
  deps: Deps,
  { secondFactor, response }: { readonly secondFactor: SecondFactor; readonly response: string },
): Promise<string | null> {
  const place = placeOf(visit, deps, secondFactor)
  const passkey = await deps.db.write((sql) => finishAssertion(sql, place, response))
  return passkey?.personId ?? null
}
