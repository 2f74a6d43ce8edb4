import { createHash } from 'node:crypto'
import type { Adapter, Payload } from 'oidc-provider'
import type { Database, Json, Sql } from '#kit/postgres'

type Row = { payload: Payload; consumedAt: Date | null }
type Key = { model: string; key: string }

/** Their ids are what a client presents. The others are worth nothing without our signed cookie. */
const presented = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken'])

/** A copy of the table must not be a bunch of keys: what a client presents is stored as its hash. */
const keyOf = (model: string, id: string) =>
  presented.has(model) ? createHash('sha256').update(id).digest('base64url') : id

const withoutId = ({ jti: _, ...payload }: Payload) => payload

const payloadOf = ({ payload, consumedAt }: Row): Payload =>
  consumedAt ? { ...payload, consumed: Math.floor(consumedAt.getTime() / 1_000) } : payload

async function payloadBy(sql: Sql, where: ReturnType<Sql>): Promise<Payload | undefined> {
  const [row] = await sql<Row[]>`
    select payload, consumed_at
    from oidc_payload
    where ${where}`
  return row && payloadOf(row)
}

type Stored = Key & { payload: Payload; expiresAt: Date | null }

const upsertPayload = (sql: Sql, { model, key, payload, expiresAt }: Stored) => sql`
  insert into oidc_payload (model, id, payload, grant_id, uid, expires_at)
  values (
    ${model}, ${key}, ${
      // The library hands over what it would write to a JSON store.
      sql.json(payload as Json)
    },
    ${payload.grantId ?? null}, ${payload.uid ?? null}, ${expiresAt}
  )
  on conflict (model, id) do update set
    payload = excluded.payload,
    grant_id = excluded.grant_id,
    uid = excluded.uid,
    expires_at = excluded.expires_at`

/**
 * Deletes rows in one order, whoever asks: two that end the same family at the same moment would
 * otherwise each hold a row that the other wants.
 */
export const deleteInOrder = (sql: Sql, where: ReturnType<Sql>) => sql`
  with doomed as (
    select model, id
    from oidc_payload
    where ${where}
    order by model, id
    for update
  )
  delete from oidc_payload
  using doomed
  where oidc_payload.model = doomed.model and oidc_payload.id = doomed.id`

const grantOf = async (sql: Sql, { model, key }: Key): Promise<string | null> => {
  const [row] = await sql<{ grantId: string | null }[]>`
    select grant_id
    from oidc_payload
    where model = ${model} and id = ${key}`
  return row?.grantId ?? null
}

/** Ends everything that hangs on the grant of this row, and the grant. */
async function endFamily(sql: Sql, used: Key) {
  const grantId = await grantOf(sql, used)
  if (!grantId) return
  await deleteInOrder(sql, sql`grant_id = ${grantId} or (model = 'Grant' and id = ${grantId})`)
}

/** False when it was used before. The database lets one of two uses at the same moment through. */
async function consumePayload(sql: Sql, { model, key }: Key, at: Date): Promise<boolean> {
  const used = await sql`
    update oidc_payload
    set consumed_at = ${at}
    where model = ${model} and id = ${key} and consumed_at is null
    returning id`
  return used.length > 0
}

type Deps = {
  db: Database
  now: () => Date
  /** What to throw when a code or refresh token is used twice at once. */
  replayed: () => Error
}

/** Stores what the provider remembers in `oidc_payload`; the provider asks for one adapter a model. */
export const adapterOf =
  ({ db, now, replayed }: Deps) =>
  (model: string): Adapter => ({
    upsert: async (id, payload, expiresIn) => {
      const expiresAt = expiresIn ? new Date(now().getTime() + expiresIn * 1_000) : null
      const stored = presented.has(model) ? withoutId(payload) : payload
      const row = { model, key: keyOf(model, id), payload: stored, expiresAt }
      await db.write((sql) => upsertPayload(sql, row))
    },
    find: async (id) => {
      const key = keyOf(model, id)
      const payload = await db.read((sql) => payloadBy(sql, sql`model = ${model} and id = ${key}`))
      return payload && { ...payload, jti: id }
    },
    findByUid: (uid) => db.read((sql) => payloadBy(sql, sql`model = ${model} and uid = ${uid}`)),
    // Only the device flow has user codes, and it is off.
    findByUserCode: async () => undefined,
    // Two uses at the same moment end the family, as two in a row do. Source: RFC 9700, 4.14.2.
    consume: async (id) => {
      const used = { model, key: keyOf(model, id) }
      if (await db.write((sql) => consumePayload(sql, used, now()))) return
      // In a transaction of its own: an update that came second still holds the row it did not change.
      await db.write((sql) => endFamily(sql, used))
      throw replayed()
    },
    destroy: async (id) => {
      const key = keyOf(model, id)
      await db.write((sql) => sql`delete from oidc_payload where model = ${model} and id = ${key}`)
    },
    revokeByGrantId: async (grantId) => {
      await db.write((sql) => deleteInOrder(sql, sql`model = ${model} and grant_id = ${grantId}`))
    },
  })

/** The provider itself never deletes what has expired. */
export const sweepPayloads = (sql: Sql, at: Date) => sql`
  delete from oidc_payload
  where expires_at < ${at}`
