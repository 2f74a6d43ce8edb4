import { audit } from '#kit/audit'
import type { Log } from '#kit/log'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { takeFailures } from './queries.ts'

/** Tells the audit of the failures to get in, a line a minute however many they were. Gives how many lines that is. */
export const tellFailuresOnce = (db: Database, now: () => Date): Promise<number> =>
  db.write(async (sql) => {
    const digests = await takeFailures(sql, now())
    for (const { minute, ...detail } of digests) {
      await audit(sql, {
        ...{ action: 'auth.attempts-failed', actorId: null, entity: 'Minute' },
        ...{ entityId: crypto.randomUUID(), detail: { minute: minute.toISOString(), ...detail } },
      })
    }
    return digests.length
  })

type Options = { readonly sql: Pool; readonly log: Log; readonly now: () => Date }

const everyMs = 10_000

/** Tells of each minute soon after it is over. Many processes may run one. */
export const tellFailures = ({ sql, log, now }: Options) =>
  startWorker({
    ...{ log, everyMs, trouble: 'Failures to get in cannot be told of yet' },
    work: async () => {
      await tellFailuresOnce(database(sql, systemContext), now)
      return false
    },
  })
