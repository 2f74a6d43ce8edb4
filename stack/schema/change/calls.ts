import type { Sql } from '#kit/postgres'
import type { UsedOperation } from './verdict.ts'

type Row = Omit<UsedOperation, 'callers'> & { client: string; caller: string | null; calls: number }

/**
 * What is registered and not retired, with who ran it in the 30 days before `today`. Reads as the
 * system: row-level security shows the registry to nobody else.
 */
export async function usedOperations(sql: Sql, today: Date): Promise<UsedOperation[]> {
  const rows = await sql<Row[]>`
    select name, contract, document, operation.client, use.caller, sum(use.calls)::float8 as calls
    from auth.operation
    left join gateway.operation_use as use
      on use.client = operation.client and use.hash = operation.hash
      and use.day > ${today}::date - 30
    where retired_at is null
    group by name, contract, document, operation.client, use.caller
    order by name, operation.client, calls desc`
  const byOperation = Map.groupBy(rows, ({ client, document }) => `${client} ${document}`)
  return [...byOperation.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const { name, contract, document } = first
    const callers = [first, ...others].map(({ caller, client, calls }) =>
      caller === null ? { client, calls: 0 } : { client: caller, calls },
    )
    return [{ name, contract, document, callers }]
  })
}
