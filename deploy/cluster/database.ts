import { kubectl } from './kubectl.ts'
import type { Place } from './place.ts'

/** What the superuser is told in the pod of the database. */
export async function inDatabase(place: Place, sql: string, database = 'plexus'): Promise<string> {
  const text = await kubectl(
    place,
    ...['-n', 'data', 'exec', 'postgres-0', '--'],
    ...['psql', '--username=postgres', `--dbname=${database}`, '-tAc', sql],
  )
  return text.trim()
}
