import type { Sql } from '#kit/postgres'

export type Client = { coachId: string; clientId: string }

export const insertClient = (sql: Sql, client: Client) => sql`
  insert into client_of ${sql(client)} on conflict do nothing`

/** True for a coach who asks about somebody who has booked with them. */
export async function isClient(sql: Sql, { coachId, clientId }: Client): Promise<boolean> {
  const rows = await sql`
    select from client_of where coach_id = ${coachId} and client_id = ${clientId}`
  return rows.length > 0
}
