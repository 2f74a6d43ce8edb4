import type { Sql } from '#kit/postgres'
import { passkeysMax } from './rules.ts'

/** `sign-in` is for the provider's page, where nobody is signed in yet. */
export type Purpose = 'register' | 'verify' | 'sign-in'

/** A challenge belongs to one session, or to one visit of the sign-in page, and counts there alone. */
type Place = { readonly purpose: Purpose; readonly boundTo: string }
type Challenge = Place & {
  readonly personId: string | null
  readonly challenge: string
  readonly expiresAt: Date
}

/** In the place of an earlier one: there is one a place. */
export const keepChallenge = (sql: Sql, given: Challenge) => sql`
  insert into passkey_challenge (purpose, bound_to, person_id, challenge, expires_at)
  values (
    ${given.purpose}, ${given.boundTo}, ${given.personId}, ${given.challenge}, ${given.expiresAt}
  )
  on conflict (purpose, bound_to) do update set
    person_id = excluded.person_id,
    challenge = excluded.challenge,
    expires_at = excluded.expires_at`

/** Takes the challenge away, so it counts once whatever becomes of it. Null when there is none. */
export async function takeChallenge(
  sql: Sql,
  { purpose, boundTo, at }: Place & { readonly at: Date },
): Promise<string | null> {
  const [taken] = await sql<{ challenge: string; expiresAt: Date }[]>`
    delete from passkey_challenge
    where purpose = ${purpose} and bound_to = ${boundTo}
    returning challenge, expires_at`
  return taken && taken.expiresAt > at ? taken.challenge : null
}

export type PasskeyRow = {
  readonly id: string
  readonly personId: string
  readonly credentialId: Buffer
  readonly publicKey: Buffer
  readonly counter: number
  readonly transports: string[]
  readonly label: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}
export type NewPasskey = Omit<PasskeyRow, 'id' | 'lastUsedAt'>

const columns = (sql: Sql) => sql`
  id, person_id, credential_id, public_key, counter, transports, label, created_at, last_used_at`

/** Oldest first. */
export const passkeysOf = (sql: Sql, personId: string) => sql<PasskeyRow[]>`
  select ${columns(sql)}
  from passkey
  where person_id = ${personId}
  order by created_at, id
  limit ${passkeysMax}`

/** Null when somebody has it already. */
export async function insertPasskey(sql: Sql, row: NewPasskey): Promise<PasskeyRow | null> {
  const [passkey] = await sql<PasskeyRow[]>`
    insert into passkey ${sql(row)}
    on conflict (credential_id) do nothing
    returning ${columns(sql)}`
  return passkey ?? null
}

/** Of anybody whom the viewer may see: on the sign-in page it says who somebody is. */
export async function passkeyByCredential(
  sql: Sql,
  credentialId: Buffer,
): Promise<PasskeyRow | null> {
  const [row] = await sql<PasskeyRow[]>`
    select ${columns(sql)}
    from passkey
    where credential_id = ${credentialId}`
  return row ?? null
}

type Count = { readonly id: string; readonly counter: number; readonly at: Date }

/**
 * Moves the counter on. False when it stood there or further already: the key was copied, or used
 * twice at one moment. Many keys do not count, and stay at 0. Source: WebAuthn Level 3, 6.1.1.
 */
export async function countPasskey(sql: Sql, { id, counter, at }: Count): Promise<boolean> {
  const counted = await sql`
    update passkey
    set counter = ${counter}, last_used_at = ${at}
    where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter} = 0))
    returning id`
  return counted.length > 0
}

/** False when the person has no such passkey. */
export async function deletePasskey(
  sql: Sql,
  { id, personId }: { readonly id: string; readonly personId: string },
): Promise<boolean> {
  const deleted = await sql`
    delete from passkey
    where id = ${id} and person_id = ${personId}
    returning id`
  return deleted.length > 0
}
