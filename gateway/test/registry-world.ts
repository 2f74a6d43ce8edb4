import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '#kit/log'
import type { Pool } from '#kit/postgres'
import type { Contract } from '#schema/contracts'
import type { Engine } from '../engine/engine.ts'
import type { PublishedRows } from '../operations/published-rows.ts'
import { sha256 } from '../operations/registry.ts'
import type { Proof } from '../proven.ts'
import { createPublished, type Published } from '../published.ts'
import { type Harness, startHarness } from './harness.ts'

export const entry = (name: string, document: string, changes: Record<string, unknown> = {}) => ({
  ...{ name, document, kind: 'query', client: 'web', contract: 'app', version: '', cost: 1 },
  hash: sha256(document),
  ...changes,
})

/** Puts one into the database as the subgraph that owns it does. */
export async function publishRow(admin: Pool, row: ReturnType<typeof entry>): Promise<void> {
  await admin`insert into auth.operation ${admin(row)}`
}

/** A document that names this is within no contract but the widest. */
const outsider = 'secret'

const contracts = {
  narrowed: () => {
    throw new Error('Nobody explores here.')
  },
  ...{ schemaOf: () => null, sdlOf: () => null },
  outside: (_: unknown, contract: Contract) => (contract === 'public' ? [outsider] : []),
}

type Options = {
  readonly sql: Pool
  readonly own?: readonly ReturnType<typeof entry>[]
  readonly rows?: PublishedRows
  /** The text of a proof, made from what is held against each other. */
  readonly proof?: (texts: Proof) => string
}

export type Instance = Harness & {
  readonly published: Published
  /** Texts in the order in which the engine prepared them. */
  readonly prepared: string[]
  readonly told: string[]
}

/** One instance of the gateway that follows the registry; `start` it. */
export async function newInstance({
  sql,
  own = [],
  rows,
  proof = () => '',
}: Options): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-registry-'))
  const [file, provenFile] = [join(folder, 'operations.json'), join(folder, 'proven.txt')]
  const [sdl, operations] = ['the graph', JSON.stringify(own)]
  await writeFile(file, operations)
  await writeFile(provenFile, proof({ supergraph: sdl, operations }))
  const prepared: string[] = []
  const told: string[] = []
  const log = createLog({ service: 'gateway', write: (line) => told.push(line) })
  const served = () => ({ engine, contracts })
  const published = await createPublished({
    ...{ file, provenFile, sql, log, served },
    ...(rows && { rows }),
  })
  const { registry, taught } = published
  const harness = startHarness({ registry, taught, freeText: () => false, engine: 'compiled' })
  const engine: Engine = {
    prepare: async (document, ...rest) => {
      const ready = await harness.engine.prepare(document, ...rest)
      prepared.push(document)
      return ready
    },
  }
  await published.require({ sdl, engine, contracts })
  return { ...harness, published, prepared, told }
}
