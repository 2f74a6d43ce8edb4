import { join } from 'node:path'
import { configFrom } from '../../stack/audit/config.ts'
import { openDatabase } from '../../stack/open-database.ts'
import { networkPage } from './network.ts'
import { tablesPage } from './tables.ts'

export const drawingsFolder = join(import.meta.dirname, '../../docs/drawings')

/** Draws the network from the policies, and the tables from the database of the stack (or of DATABASE_URL). */
export async function draw(env: Record<string, string | undefined>): Promise<void> {
  await Bun.write(join(drawingsFolder, 'network.md'), networkPage())
  const { sql, close } = await openDatabase(configFrom(env), 'plexus-drawings')
  try {
    await Bun.write(join(drawingsFolder, 'tables.md'), await tablesPage(sql))
  } finally {
    await close()
  }
}
