import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from '#kit/log'
import { database, type Pool, systemContext } from '#kit/postgres'
import type { Catalog, Fit } from './catalog.ts'
import { knownAmong } from './queries.ts'
import { store } from './store.ts'

type Deps = {
  readonly sql: Pool
  readonly catalog: Catalog
  /** Where `operations.json` is. */
  readonly folder: string
  readonly log: Log
  readonly now: () => Date
}

const Operations = z.array(
  z.object({
    ...{ hash: z.string(), name: z.string(), document: z.string() },
    client: z.enum(['web', 'partner', 'public']),
    description: z.string().nullish(),
  }),
)
type HouseOperation = z.output<typeof Operations>[number]

/**
 * Lists the platform's own operations among those of all clients. The gateways have them from the
 * same file: when it cannot be done here the log says so, and nobody waits for it.
 */
export async function publishHouse(deps: Deps): Promise<{ stop(): Promise<void> }> {
  const { folder, log } = deps
  try {
    const text = await readFile(join(folder, 'operations.json'), 'utf8')
    const byClient = Map.groupBy(Operations.parse(JSON.parse(text)), ({ client }) => client)
    for (const [client, operations] of byClient) await publishFor(client, operations, deps)
  } catch (error) {
    log.error('The own operations of the platform are not listed', error)
  }
  return { stop: async () => {} }
}

/** Most starts find all of them there. */
async function publishFor(client: string, all: readonly HouseOperation[], deps: Deps) {
  const { sql, catalog, log, now } = deps
  const db = database(sql, systemContext)
  const hashes = all.map(({ hash }) => hash)
  const known = await db.read((tx) => knownAmong(tx, client, hashes))
  const hashesThere = new Set(known.map(({ hash }) => hash))
  const fits: Fit[] = []
  for (const { description, ...operation } of all) {
    if (hashesThere.has(operation.hash)) continue
    const verdict = await catalog.judge(client, [operation])
    if ('code' in verdict) log.error(`${operation.name} is not published: ${verdict.message}`)
    else
      fits.push(...verdict.map((fit) => ({ ...fit, description: description ?? fit.description })))
  }
  if (fits.length === 0) return
  const publication = { client, version: '', fits, by: null, at: now() }
  const { fresh } = await db.write((tx) => store(tx, publication))
  log.info(`Listed ${fresh.length} operations of ${client}`)
}
