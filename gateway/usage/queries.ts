import { addedUp, noDurations, quantileOf } from '#kit/durations'
import { database, type Pool, systemContext } from '#kit/postgres'
import { latest, type Use } from './usage.ts'

type Known = { client: string; hash: string; durations: (number | string)[] }

/** Longer ago than any question about what may be changed reaches. */
const keptDays = 400

/**
 * Adds to `gateway.operation_use`, and tells the registry which operations were run, in one
 * transaction.
 */
export const usesIn =
  (sql: Pool) =>
  async (uses: readonly Use[]): Promise<void> => {
    await database(sql, systemContext).write(async (tx) => {
      // One instance after the other: two that lock the same rows never wait for each other.
      await tx`select pg_advisory_xact_lock(hashtext('gateway.operation_use'))`
      const known = await tx<Known[]>`
        insert into gateway.operation_use as known
          (day, caller, client, hash, calls, failed, durations, last_at)
        select day, caller, client, hash, calls, failed, durations, "lastAt"
        from jsonb_to_recordset(${tx.json([...uses])}) as use(
          day date, caller text, client text, hash text, calls bigint, failed bigint,
          durations bigint[], "lastAt" timestamptz)
        on conflict (day, caller, client, hash) do update
        set calls = known.calls + excluded.calls,
          failed = known.failed + excluded.failed,
          durations = (
            select array_agg(coalesce(one, 0) + coalesce(other, 0) order by place)
            from unnest(known.durations, excluded.durations)
              with ordinality as both_of(one, other, place)),
          last_at = greatest(known.last_at, excluded.last_at)
        returning client, hash, durations`
      await tx`select auth.operation_used(${tx.json(runsOf(uses, known))})`
      await tx`delete from gateway.operation_use where day < current_date - ${keptDays}::int`
    })
  }

/** One row for each operation, whoever ran it: how often now, and how long it takes these days. */
function runsOf(uses: readonly Use[], known: readonly Known[]) {
  const keyOf = ({ client, hash }: Pick<Use, 'client' | 'hash'>) => `${client} ${hash}`
  const rows = Map.groupBy(known, keyOf)
  return [...Map.groupBy(uses, keyOf)].map(([key, own]) => {
    const durations = (rows.get(key) ?? [])
      .map((row) => row.durations.map(Number))
      .reduce(addedUp, noDurations())
    const calls = own.reduce((sum, use) => sum + use.calls, 0)
    const at = latest(own.map(({ lastAt }) => lastAt))
    const { client = '', hash = '' } = own[0] ?? {}
    return { client, hash, calls, p95_ms: quantileOf(durations, 0.95), at }
  })
}
