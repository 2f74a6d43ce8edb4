import type { Log } from '#kit/log'
import { takingTurns } from '../turns.ts'
import type { PublishedRows, PublishedState } from './published-rows.ts'
import {
  type Client,
  Operation,
  type RegisteredOperation,
  type Registry,
  registryOf,
  sha256,
} from './registry.ts'

/** Why an operation cannot be served by the graph of now; null once it is ready to be. */
export type Fitting = (operation: RegisteredOperation) => Promise<string | null>

export type LiveRegistry = Registry & {
  /** What the file lists: the graph has to fit all of it. */
  own(): readonly RegisteredOperation[]
  /** Whether a client may register what it sends, as it sends it. */
  isAutomatic(client: Client): boolean
  /** Takes another list of our own. */
  replaceOwn(operations: readonly RegisteredOperation[]): void
  /**
   * Reads what has changed in the database, and serves it once it fits. Never rejects: while the
   * database is out of reach, or a row is not good, everything else is served on.
   */
  look(): Promise<void>
  /** What did not fit the graph before is tried again at the next look. */
  reconsider(): void
}

type Deps = {
  readonly own: readonly RegisteredOperation[]
  readonly rows: PublishedRows
  readonly fitting: Fitting
  readonly log: Pick<Log, 'info' | 'warn'>
}

/** What is known of one row; null for one that cannot be served. */
type Known = { readonly operation: RegisteredOperation | null }

type State = {
  own: readonly RegisteredOperation[]
  readonly known: Map<string, Known>
  order: readonly string[]
  automatic: ReadonlySet<Client>
  current: Registry
  isAway: boolean
}

const batchMax = 50

/** The operations of a file, and on top of them what is published in the database. */
export function createLiveRegistry(deps: Deps): LiveRegistry {
  const state: State = {
    ...{ own: deps.own, known: new Map(), order: [], automatic: new Set() },
    ...{ current: registryOf(deps.own), isAway: false },
  }
  const look = oneAtATime(() => lookAt(state, deps))
  return {
    byHash: (hash, clients) => state.current.byHash(hash, clients),
    byName: (name, clients) => state.current.byName(name, clients),
    all: () => state.current.all(),
    own: () => state.own,
    isAutomatic: (client) => state.automatic.has(client),
    replaceOwn: (operations) => {
      state.own = operations
      show(state)
    },
    look,
    reconsider: () => {
      for (const [id, { operation }] of state.known) if (!operation) state.known.delete(id)
    },
  }
}

/** Whoever asks while it runs is answered by the next run: what they know of may be too new. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const run = () => {
    const own = work().finally(() => {
      if (running === own) running = undefined
    })
    running = own
    return own
  }
  return () => {
    if (!running) return run()
    next ??= running.then(() => {
      next = undefined
      return run()
    })
    return next
  }
}

async function lookAt(state: State, deps: Deps): Promise<void> {
  const { rows, log } = deps
  try {
    const [states, automatic] = await Promise.all([rows.states(), rows.automatic()])
    state.automatic = new Set(automatic)
    if (takeStates(state, states)) show(state)
    const unread = states.filter((one) => isUnread(state, one)).map(({ id }) => id)
    for (let from = 0; from < unread.length; from += batchMax)
      await take(state, unread.slice(from, from + batchMax), deps)
    if (state.isAway) log.info('The registry of operations is followed again')
    state.isAway = false
  } catch (error) {
    if (!state.isAway)
      log.warn('The registry of operations is out of reach; it is served on', error)
    state.isAway = true
  }
}

/** What nobody has seen yet, what may run again, and what is refused by its date from now on. */
function isUnread({ known }: State, { id, retiredAt }: PublishedState): boolean {
  const entry = known.get(id)
  if (!entry) return true
  return retiredAt === null ? entry.operation?.retiredAt != null : entry.operation === null
}

/** What has gone, and since when each is retired. True when that changed anything. */
function takeStates(state: State, states: readonly PublishedState[]): boolean {
  const { known } = state
  state.order = states.map(({ id }) => id)
  const there = new Set(state.order)
  let hasChanged = false
  for (const id of known.keys()) {
    if (there.has(id)) continue
    known.delete(id)
    hasChanged = true
  }
  for (const { id, retiredAt } of states) {
    const operation = known.get(id)?.operation
    if (!operation || !retiredAt || operation.retiredAt?.getTime() === retiredAt.getTime()) continue
    known.set(id, { operation: { ...operation, retiredAt } })
    hasChanged = true
  }
  return hasChanged
}

async function take(state: State, ids: readonly string[], deps: Deps): Promise<void> {
  const turn = takingTurns()
  const unfit: string[] = []
  for (const row of await deps.rows.byIds(ids)) {
    const { operation, fault } = await servedFrom(row, deps.fitting)
    state.known.set(row.id, { operation })
    if (fault !== null) unfit.push(fault)
    await turn()
  }
  if (unfit.length > 0)
    deps.log.warn(`These published operations are not served: ${unfit.join(', ')}`)
  show(state)
}

type Served =
  | { readonly operation: RegisteredOperation; readonly fault: null }
  | { readonly operation: null; readonly fault: string }

async function servedFrom(row: { readonly id: string }, fitting: Fitting): Promise<Served> {
  const { data: operation } = Operation.safeParse(row)
  if (!operation) return { operation: null, fault: `${row.id} (not an operation)` }
  const { name, client, hash, document } = operation
  if (sha256(document) !== hash) return { operation: null, fault: `${name} (not its own hash)` }
  // It is refused with its date, whether or not the graph still has what it asked for.
  if (operation.retiredAt) return { operation, fault: null }
  const fault = await fitting(operation)
  if (fault !== null) return { operation: null, fault: `${name} of ${client} (${fault})` }
  return { operation, fault: null }
}

/** What our own file has and nobody has published yet is the newest. */
function show(state: State): void {
  const published = state.order.flatMap((id) => state.known.get(id)?.operation ?? [])
  const there = new Set(published.map(({ client, hash }) => `${client} ${hash}`))
  const only = state.own.filter(({ client, hash }) => !there.has(`${client} ${hash}`))
  state.current = registryOf([...only, ...published])
}
