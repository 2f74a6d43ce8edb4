import type { Sql } from '#kit/postgres'
import type { OperationUse } from './fields.ts'

/** What is registered and not retired, with who ran it in the last `days` days; those nobody ran too. */
export const operationUses = (sql: Sql, { today, days }: { today: Date; days: number }) =>
  sql<OperationUse[]>`
    select operation.id as operation_id, name, document, use.caller,
      coalesce(
        (select api_client.name from api_client where api_client.id::text = use.caller),
        (select api_key.name from api_key where api_key.id::text = use.caller)
      ) as caller_name,
      coalesce(sum(use.calls), 0)::float8 as calls, max(use.last_at) as last_at
    from operation
    left join gateway.operation_usage as use
      on use.client = operation.client and use.hash = operation.hash
      and use.day > ${today}::date - ${days}::int
    where retired_at is null
    group by operation.id, name, document, use.caller
    order by name, use.caller`
