import type { Pool } from '#kit/postgres'
import { scramVerifier } from '#kit/scram'

/** Reads how the server does, and nothing of what is in it. */
export async function ensureMonitor(sql: Pool, password: string): Promise<void> {
  await sql.unsafe(`do $$ begin
    if to_regrole('monitor') is null then create role monitor login; end if;
  end $$`)
  await sql.unsafe(`alter role monitor password '${scramVerifier(password)}'`)
  await sql.unsafe('grant pg_monitor to monitor')
}
