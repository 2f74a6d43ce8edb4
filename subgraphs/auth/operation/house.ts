import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from '#kit/log'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { contracts } from '#schema/contracts'
import type { Catalog, Fit } from './catalog.ts'
import { noSuchClient, publishAll } from './publication.ts'
import { knownAmong, programNamed } from './queries.ts'
import { isHouseClient, type PublicationDraft, publicationFrom } from './rules.ts'
import { store } from './store.ts'

type Deps = {
  readonly sql: Pool
  readonly catalog: Catalog
  readonly now: () => Date
}

type StartDeps = Deps & {
  /** Where `operations.json` is. */
  readonly folder: string
  readonly log: Log
}

const Operations = z.array(
  z.object({
    ...{ hash: z.string(), name: z.string(), document: z.string() },
    client: z.enum(['web', 'partner', 'public']),
    contract: z.enum(contracts),
    description: z.string().nullish(),
  }),
)
type HouseOperation = z.output<typeof Operations>[number]

/**
 * Lists the platform's own operations among those of all clients. The gateways have them from the
 * same file: when it cannot be done here the log says so, and nobody waits for it.
 */
export async function publishHouse(deps: StartDeps): Promise<{ stop(): Promise<void> }> {
  const { sql, folder, log } = deps
  const db = database(sql, systemContext)
  try {
    const text = await readFile(join(folder, 'operations.json'), 'utf8')
    const byClient = Map.groupBy(Operations.parse(JSON.parse(text)), ({ client }) => client)
    for (const [client, operations] of byClient) await listFor(client, operations, { ...deps, db })
  } catch (error) {
    log.error('The own operations of the platform are not listed', error)
  }
  return { stop: async () => {} }
}

type ListDeps = StartDeps & { readonly db: Database }

/** Most starts find all of them there. */
async function listFor(client: string, all: readonly HouseOperation[], deps: ListDeps) {
  const { db, catalog, log, now } = deps
  const hashes = all.map(({ hash }) => hash)
  const known = await db.read((tx) => knownAmong(tx, client, hashes))
  const there = new Set(known.map(({ hash }) => hash))
  const missing = all.filter(({ hash }) => !there.has(hash))
  if (missing.length === 0) return
  const built = missing.map(({ name, document, contract }) => ({
    ...{ operation: { name, document }, contract },
  }))
  const said = new Map(missing.map(({ hash, description }) => [hash, description]))
  const fits: Fit[] = []
  for (const verdict of await catalog.judgeBuilt(client, built)) {
    if ('code' in verdict) log.error(`${verdict.operation.name} is not listed: ${verdict.message}`)
    else fits.push({ ...verdict, description: said.get(verdict.hash) ?? verdict.description })
  }
  if (fits.length === 0) return
  const publication = { client, version: '', fits, by: null, at: now() }
  const { fresh } = await db.write((tx) => store(tx, publication))
  log.info(`Listed ${fresh.length} operations of ${client}`)
}

/** For whoever runs the platform, with nobody's credentials: the answer is that of the graph. */
export async function publishAsHouse({ sql, catalog, now }: Deps, input: PublicationDraft) {
  const draft = publicationFrom(input)
  if ('__typename' in draft) return draft
  const db = database(sql, systemContext)
  const { clientName } = draft
  const client = isHouseClient(clientName)
    ? clientName
    : await db.read((tx) => programNamed(tx, clientName))
  if (client === null) return noSuchClient
  const told = { actorId: null, onBehalfOf: null, requestId: null }
  return publishAll({ db, catalog }, { draft, client, publishedBy: null, told, at: now() })
}
