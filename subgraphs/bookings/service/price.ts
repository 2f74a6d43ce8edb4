import type { Money } from '#kit/money'
import type { Sql } from '#kit/postgres'

/** What a seat of the service costs; null when it is free. */
export async function priceOf(sql: Sql, serviceId: string): Promise<Money | null> {
  const [price] = await sql<Money[]>`
    select amount_minor as amount, currency
    from service_price
    where service_id = ${serviceId}::uuid and amount_minor is not null`
  return price ?? null
}
