import type { Context } from '../context.ts'
import { isClient } from './queries.ts'

const lookEveryMs = 40
const withinMs = 1_000

/**
 * A coach may hear of a booking a moment before this room does: waits until the person is known to be their client.
 * False when it did not come in time, and at once for everybody else.
 */
export async function becomesClient(clientId: string, { viewer, db }: Context): Promise<boolean> {
  if (!viewer?.scopes.has('coach')) return false
  const pair = { coachId: viewer.id, clientId }
  const deadline = performance.now() + withinMs
  while (!(await db.read((sql) => isClient(sql, pair)))) {
    if (performance.now() > deadline) return false
    await Bun.sleep(lookEveryMs)
  }
  return true
}
