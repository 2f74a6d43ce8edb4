import type { Sql } from '#kit/postgres'
import { deleteInOrder } from './adapter.ts'

type SignIns = {
  readonly accountId: string
  /** Sign-ins by the id in their tokens; null for every one of the account. */
  readonly sids: readonly string[] | null
  /** Those that something still leans on: two sessions of one browser may share a sign-in. */
  readonly keep: readonly string[]
}

type Found = { id: string; grantIds: string[] }

/** A sign-in holds, for each application, the id in its tokens and the grant that they hang on. */
const signInsOf = (sql: Sql, { accountId, sids, keep }: SignIns) => sql<Found[]>`
  select id, array_remove(array_agg(authorized.value ->> 'grantId'), null) as grant_ids
  from oidc_payload
  left join lateral jsonb_each(payload -> 'authorizations') as authorized on true
  where model = 'Session' and payload ->> 'accountId' = ${accountId}
  group by id
  having (${sids === null} or bool_or(authorized.value ->> 'sid' = any(${[...(sids ?? [])]}::text[])))
    and bool_or(authorized.value ->> 'sid' = any(${[...keep]}::text[])) is not true`

/**
 * Ends sign-ins at the embedded provider with their grants and tokens: the browsers that had them
 * are asked for a password again.
 */
export async function endSignIns(sql: Sql, which: SignIns): Promise<void> {
  const found = await signInsOf(sql, which)
  if (found.length === 0) return
  const grants = found.flatMap(({ grantIds }) => grantIds)
  const ids = found.map(({ id }) => id)
  await deleteInOrder(
    sql,
    sql`(model = 'Session' and id = any(${ids}::text[]))
      or (model = 'Grant' and id = any(${grants}::text[]))
      or grant_id = any(${grants}::text[])`,
  )
}
