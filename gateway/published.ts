import { readFile } from 'node:fs/promises'
import type { Log } from '#kit/log'
import type { Pool } from '#kit/postgres'
import type { Contracts } from './contract-graph.ts'
import { requireWithinContracts } from './contract-operations.ts'
import type { Engine } from './engine/engine.ts'
import type { Listening } from './listen.ts'
import { followRegistry } from './operations/follow-registry.ts'
import { createLiveRegistry, type LiveRegistry } from './operations/live-registry.ts'
import { prepareRegistered } from './operations/prepare-registered.ts'
import { type PublishedRows, publishedIn } from './operations/published-rows.ts'
import { type RegisteredOperation, registryFrom } from './operations/registry.ts'
import { createTaught, type Taught } from './operations/taught.ts'
import { isProven } from './proven.ts'

type Graph = { readonly engine: Engine; readonly contracts: Contracts }
type Offered = Graph & { readonly sdl: string }

export type PublishedDeps = {
  /** Where our own operations are listed. */
  readonly file: string
  /** What the build of the release has proven of it and a graph, where it has. */
  readonly provenFile?: string
  readonly sql: Pool
  readonly log: Log
  /** The graph that is served; nobody asks before `start`. */
  readonly served: () => Graph
  /** In the place of the database's; only tests have others. */
  readonly rows?: PublishedRows
}

export type Published = Listening & {
  readonly registry: LiveRegistry
  readonly taught: Taught
  /**
   * Holds a graph against what it has to answer. Rejects with UnfitError when it lacks what our own
   * operations ask for; what others published is told to the log, and refused to who asks for it.
   * What the build has proven already is prepared after the start, beside the first requests.
   */
  require(graph: Offered): Promise<void>
  /** Reads the file again. */
  reload(): Promise<void>
}

/** What clients may run: our own operations from a file, and those published in the database. */
export async function createPublished(deps: PublishedDeps): Promise<Published> {
  const { file, provenFile, sql, log, served } = deps
  const read = () => readFile(file, 'utf8')
  const operations = await read()
  const registry = createLiveRegistry({
    ...{ own: ownIn(operations), rows: deps.rows ?? publishedIn(sql), log },
    // No graph is served that does not answer our own.
    fitting: async (operation) =>
      textsOf(registry.own()).has(textOf(operation)) ? null : faultOf(operation, served()),
  })
  let judgedBy: Graph | undefined
  const look = () => {
    const graph = served()
    if (judgedBy !== graph) registry.reconsider()
    judgedBy = graph
    return registry.look()
  }
  const following = followRegistry({ registry: { look }, sql, log })
  let first: Graph | undefined
  let isRequired = false
  const isFirstProven = async ({ sdl }: Offered) =>
    provenFile !== undefined && (await isProven(provenFile, { supergraph: sdl, operations }))
  return {
    registry,
    taught: createTaught(registry.isAutomatic),
    start: async () => {
      await following.start()
      if (first) void prepareLater({ operations: registry.own(), engine: first.engine, log })
    },
    stop: following.stop,
    require: async (graph) => {
      // Nothing is served yet: what is read again later is held against the graph by then.
      if (!isRequired && (await isFirstProven(graph))) first = graph
      else await requireOf(graph, registry, log)
      isRequired = true
    },
    reload: async () => registry.replaceOwn(ownIn(await read())),
  }
}

const ownIn = (text: string) => registryFrom(text).all()

type Preparing = Parameters<typeof prepareRegistered>[0] & { readonly log: Log }

/** Never rejects: what cannot be prepared now is tried again by whoever asks for it. */
const prepareLater = ({ log, ...preparing }: Preparing) =>
  prepareRegistered({ ...preparing, log }).catch((error: unknown) =>
    log.error('Registered operations could not be prepared', error),
  )

type Text = Pick<RegisteredOperation, 'contract' | 'document'>
const textOf = ({ contract, document }: Text) => `${contract} ${document}`

const known = new WeakMap<readonly RegisteredOperation[], ReadonlySet<string>>()

function textsOf(operations: readonly RegisteredOperation[]): ReadonlySet<string> {
  const texts = known.get(operations) ?? new Set(operations.map(textOf))
  known.set(operations, texts)
  return texts
}

const silent = { info: () => {} }

/** Null for an operation that the graph answers, and that was prepared for everybody. */
async function faultOf(operation: RegisteredOperation, graph: Graph): Promise<string | null> {
  try {
    await requireWithinContracts([operation], graph.contracts)
    await prepareRegistered({ operations: [operation], engine: graph.engine, log: silent })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function requireOf(graph: Graph, registry: LiveRegistry, log: Log): Promise<void> {
  const own = registry.own()
  await requireWithinContracts(own, graph.contracts)
  await prepareRegistered({ operations: own, engine: graph.engine, log })
  const texts = new Set(own.map(({ document }) => document))
  const unfit: string[] = []
  for (const operation of registry.all()) {
    if (texts.has(operation.document) || operation.retiredAt) continue
    if ((await faultOf(operation, graph)) !== null) unfit.push(operation.name)
  }
  if (unfit.length > 0)
    log.warn(`The graph does not answer these published operations any more: ${unfit.join(', ')}`)
}
