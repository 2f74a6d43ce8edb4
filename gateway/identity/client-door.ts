import { AppError } from '#kit/errors'
import { isUuid } from '#kit/id'
import type { Log } from '#kit/log'
import { database, type Pool, type Sql, systemContext } from '#kit/postgres'
import type { Allowance } from '../exchange.ts'
import { type Listening, listening } from '../listen.ts'
import { createLru } from '../lru.ts'
import type { WatchProgram } from '../streams.ts'

/** What is known here of a program, whatever its token says. */
export type Standing = {
  readonly isEnded: boolean
  readonly rateLimitPerMinute: number
  readonly allowance: Allowance | null
}

/** Partners' programs as administrators see them: disabled, and with a plan. */
export type ClientDoor = Listening & {
  /** Null for a program of which nothing is known here, and while nothing can be known. */
  standingOf(clientId: string | null): Promise<Standing | null>
  /** Calls back within a second once an administrator has disabled the program. */
  readonly watch: WatchProgram
}

export type ClientDoorDeps = {
  readonly sql: Pool
  readonly now: () => Date
  readonly log: Log
}

const channel = 'client_changed'
const bounds = { entriesMax: 5_000, bytesMax: 5_000 }
/**
 * What changed holds within a second even if its notification was lost; with it, at once. A program
 * that is busy costs one indexed read in this time.
 */
const staleAfterMs = 900
/** Then the table is taken for out of reach: what was known before counts, or else the token. */
const patienceMs = 500

type Known = {
  readonly standing: Standing | null
  readonly staleAt: number
  /** How often something had changed when it was read. */
  readonly changes: number
}

export function createClientDoor({ sql, now, log }: ClientDoorDeps): ClientDoor {
  const db = database(sql, systemContext)
  const all = createLru<string, Known>(bounds)
  const loading = new Map<string, Promise<Standing | null>>()
  const watched = new Map<string, Set<(reason: AppError) => void>>()
  let changes = 0
  const read = async (id: string) => {
    const before = changes
    const standing = await db.read((tx) => standingIn(tx, id))
    all.set(id, { standing, staleAt: now().getTime() + staleAfterMs, changes: before }, 1)
    return standing
  }
  const readOnce = (id: string) => {
    const started = loading.get(id) ?? read(id).finally(() => loading.delete(id))
    loading.set(id, started)
    return started
  }
  const look = async (id: string) => {
    const standing = await readOnce(id)
    if (standing?.isEnded) for (const ended of [...(watched.get(id) ?? [])]) ended(disabled())
  }
  const lookAgain = (ids: Iterable<string>) => {
    for (const id of ids)
      look(id).catch((error: unknown) => log.warn('Cannot see whether a program is over', error))
  }
  const changed = (id: string) => {
    changes += 1
    loading.clear()
    lookAgain([...watched.keys()].filter((one) => id === '' || id === one))
  }
  return {
    standingOf: async (clientId) => {
      if (clientId === null || !isUuid(clientId)) return null
      const known = all.get(clientId)
      const isFresh = known && known.changes === changes && known.staleAt > now().getTime()
      if (isFresh) return known.standing
      return orElse(readOnce(clientId), known?.standing ?? null, log)
    },
    watch: (clientId, ended) => watching(watched, clientId, ended),
    ...listening({
      ...{ sql, log, channel },
      onTold: changed,
      onConnected: () => changed(''),
    }),
  }
}

/** What is told to whoever has something open for a program that is over. */
const disabled = () => new AppError('UNAUTHENTICATED', 'This program has been disabled.')

type Watched = Map<string, Set<(reason: AppError) => void>>

function watching(watched: Watched, id: string, ended: (reason: AppError) => void) {
  const own = watched.get(id) ?? new Set()
  watched.set(id, own.add(ended))
  return () => {
    own.delete(ended)
    if (own.size === 0 && watched.get(id) === own) watched.delete(id)
  }
}

/** What the table says, or what was known before when it does not say anything in time. */
async function orElse(reading: Promise<Standing | null>, before: Standing | null, log: Log) {
  const { promise, resolve } = Promise.withResolvers<Standing | null>()
  const timer = setTimeout(() => resolve(before), patienceMs)
  reading.then(resolve, (error: unknown) => {
    log.warn('What a program may do cannot be read: what was known counts', error)
    resolve(before)
  })
  return promise.finally(() => clearTimeout(timer))
}

type Row = {
  endedAt: Date | null
  rateLimitPerMinute: number
  pointsPerMinute: number | null
  burst: number | null
  costMax: number | null
  concurrency: number | null
}

async function standingIn(sql: Sql, id: string): Promise<Standing | null> {
  const [row] = await sql<Row[]>`
    select ended_at, rate_limit_per_minute, points_per_minute, burst, cost_max, concurrency
    from auth.client_door
    where id = ${id}`
  if (!row) return null
  const { pointsPerMinute, burst, costMax, concurrency } = row
  return {
    isEnded: row.endedAt !== null,
    rateLimitPerMinute: row.rateLimitPerMinute,
    allowance:
      pointsPerMinute === null || burst === null
        ? null
        : { pointsPerMinute, burst, costMax, concurrency },
  }
}
