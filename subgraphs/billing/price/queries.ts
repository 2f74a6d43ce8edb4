import type { Money } from '#kit/money'
import type { Sql } from '#kit/postgres'

export type PriceRow = Money & { serviceId: string; version: number }

/** The price that holds of each service; none for a service that never had one. */
export const pricesOf = (sql: Sql, serviceIds: readonly string[]) => sql<PriceRow[]>`
  select distinct on (service_id) service_id, version, amount, currency
  from price
  where service_id = any(${[...serviceIds]}::uuid[])
  order by service_id, version desc`

export const insertPrice = (sql: Sql, row: PriceRow & { setBy: string; createdAt: Date }) => sql`
  insert into price ${sql(row)}`
