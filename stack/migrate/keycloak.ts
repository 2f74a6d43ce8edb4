import type { Pool } from '#kit/postgres'
import { scramVerifier } from '#kit/scram'

const name = 'keycloak'

/** Keycloak keeps its accounts in a database of its own, which none of our roles enters. */
export async function ensureKeycloak(sql: Pool, password: string): Promise<void> {
  const verifier = scramVerifier(password)
  await sql.unsafe(`do $$ begin
    if to_regrole('${name}') is null then create role ${name} login; end if;
  end $$`)
  await sql.unsafe(`alter role ${name} password '${verifier}'`)
  const known = await sql`select 1 from pg_database where datname = ${name}`
  if (known.length === 0) {
    await sql.unsafe(`grant ${name} to current_user`)
    await sql.unsafe(`create database ${name} owner ${name}`)
  }
  await sql.unsafe(`revoke all on database ${name} from public`)
}
