import type { Log } from '#kit/log'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { finish } from './act.ts'
import { type ActWithSession, openActs } from './queries.ts'
import { type OpenAct, whyOver } from './rules.ts'

const openActOf = ({
  endsAt,
  isLive,
  roles,
  actingRoles,
  actingScopes,
  actingReadOnly,
}: ActWithSession): OpenAct => ({
  endsAt,
  session: isLive
    ? {
        ...{ roles: roles ?? [], actingRoles: actingRoles ?? [], actingScopes },
        readOnly: actingReadOnly ?? true,
      }
    : null,
})

/**
 * Ends what is over by itself, with a line in the audit. Gives how many that were. A gateway needs none of this to stop:
 * it knows when an act ends.
 */
export const endOverdue = (db: Database, now: () => Date): Promise<number> =>
  db.write(async (sql) => {
    const at = now()
    let ended = 0
    for (const act of await openActs(sql, at)) {
      const why = whyOver(openActOf(act), at)
      if (!why) continue
      await finish(sql, act, { why, at })
      ended += 1
    }
    return ended
  })

type Options = { readonly sql: Pool; readonly log: Log; readonly now: () => Date }

const everyMs = 5_000

/** Looks for acts that are over until it is stopped. Many processes may run one. */
export const watchActs = ({ sql, log, now }: Options) =>
  startWorker({
    ...{ log, everyMs, trouble: 'Acts that are over cannot be told of yet' },
    work: async () => {
      await endOverdue(database(sql, systemContext), now)
      return false
    },
  })
