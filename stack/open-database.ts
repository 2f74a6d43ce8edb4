import { connect, type Pool } from '#kit/postgres'
import type { AuditConfig } from './audit/config.ts'
import { startDatabase } from './up/database.ts'

type Opened = { readonly sql: Pool; close(): Promise<void> }

/** The database that is configured, or the one of the stack on this machine, which may be running. */
export async function openDatabase(
  { database, local }: AuditConfig,
  service: string,
): Promise<Opened> {
  if (database) {
    const sql = connect({ ...database, service, max: 2 })
    return { sql, close: () => sql.end({ timeout: 1 }) }
  }
  const server = await startDatabase(local, { isShared: true })
  const url = new URL(server.adminUrl)
  url.pathname = '/plexus'
  const sql = connect({ url: url.href, service, max: 2 })
  return {
    sql,
    close: async () => {
      await sql.end({ timeout: 1 })
      await server.stop()
    },
  }
}
