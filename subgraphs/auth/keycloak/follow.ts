import type { Log } from '#kit/log'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import type { Directory } from '../account/directory.ts'
import type { KeycloakAdmin } from './admin.ts'
import { handleEvent } from './handle.ts'
import { lastEventAt, takeEndedSignIns } from './queries.ts'
import type { KeycloakSettings } from './settings.ts'
import { type Source, sourcesOf } from './source.ts'

export type FollowOptions = {
  readonly sql: Pool
  readonly admin: KeycloakAdmin
  readonly directory: Directory
  readonly settings: Pick<KeycloakSettings, 'realm' | 'clientId' | 'pollMs'>
  readonly log: Log
  readonly now: () => Date
}

/** An event can be seen a little after one that happened later. */
const overlapMs = 30_000

/**
 * Looks every while for what was done in Keycloak, and does here what follows from it; ends there
 * what has ended here. Many processes may do so.
 */
export function followKeycloak(options: FollowOptions): { stop(): Promise<void> } {
  const { sql, admin, settings, log } = options
  const db = database(sql, systemContext)
  const sources = sourcesOf({ admin, realm: settings.realm, ownClientId: settings.clientId })
  return startWorker({
    ...{ log, everyMs: settings.pollMs, trouble: 'What was done in Keycloak waits' },
    work: async (stopping) => {
      for (const source of sources) await followEvents(db, source, { ...options, stopping })
      await endSignIns(db, options)
      return false
    },
  })
}

type Following = Pick<FollowOptions, 'directory' | 'now'> & { readonly stopping: AbortSignal }

async function followEvents(
  db: Database,
  { cursor, since }: Source,
  { directory, now, stopping }: Following,
) {
  const last = await db.write((sql) => lastEventAt(sql, cursor, now()))
  for await (const event of since(new Date(last.getTime() - overlapMs))) {
    if (stopping.aborted) return
    await db.write((sql) => handleEvent(sql, event, { cursor, directory, now }))
  }
}

async function endSignIns(db: Database, options: FollowOptions) {
  await db.write(async (sql) => {
    for (const sid of await takeEndedSignIns(sql, options.now())) await endSignIn(sid, options)
  })
}

const mostTries = 5

/**
 * Asks until Keycloak knows no such sign-in: whoever reads it while it is deleted leaves it in
 * Keycloak's cache, where it would open doors for as long as it had left.
 */
async function endSignIn(sid: string, { admin, settings }: FollowOptions) {
  const path = `/${encodeURIComponent(settings.realm)}/sessions/${encodeURIComponent(sid)}`
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { ok } = await admin.send({ method: 'DELETE', path })
    if (!ok) return
  }
}
