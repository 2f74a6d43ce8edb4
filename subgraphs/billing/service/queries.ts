import type { Sql } from '#kit/postgres'

type Service = { id: string; coachId: string }

/** A service stays its coach's. */
export const keepService = (sql: Sql, service: Service) => sql`
  insert into service ${sql(service)}
  on conflict (id) do nothing`

/** True once bookings has told of the service. */
export async function knowsService(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql`select id from service where id = ${id}::uuid`
  return row !== undefined
}

/** Nobody else prices the service until the transaction ends; false for another coach's. */
export async function lockOwnService(sql: Sql, { id, coachId }: Service): Promise<boolean> {
  const [row] = await sql`
    select id from service
    where id = ${id}::uuid and coach_id = ${coachId}::uuid
    for update`
  return row !== undefined
}
