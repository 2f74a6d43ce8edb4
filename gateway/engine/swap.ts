import type { ExecutionResult } from 'graphql'
import { AppError } from '#kit/errors'
import type { Engine, OperationRequest, Prepared, Stream, Variant } from './engine.ts'
import { broken, canGoOn, goOn, isLoss, type Line, openLine } from './line.ts'
import type { SubgraphEvent } from './transport/transport.ts'

/** An engine that may be replaced by one for another graph while it answers. */
export type SwappableEngine = Engine & {
  /**
   * From now on operations are prepared by `next`. What is in flight is finished by the engine that
   * began it; open streams go on under `next`, from their next event. Where `next` has to open a
   * stream's line anew, the new one goes on after the last event that was told: each is told once.
   * Of a subgraph without ids the new line counts from its opening, and what is told meanwhile may
   * be missed, as by a client that connects again.
   */
  swap(next: Engine): void
}

export function createSwappableEngine(first: Engine): SwappableEngine {
  let current = first
  const listeners = new Set<() => void>()
  const graph: Graph = { engine: () => current, listeners }
  return {
    prepare: async (document, operationName, variant) => {
      const engine = current
      const prepared = await engine.prepare(document, operationName, variant)
      return moving({ prepared, engine }, graph, { document, operationName, variant })
    },
    known: (document, operationName, variant) => {
      const prepared = current.known?.(document, operationName, variant)
      const asked = { document, operationName, variant }
      return prepared ? moving({ prepared, engine: current }, graph, asked) : null
    },
    swap: (next) => {
      current = next
      for (const changed of [...listeners]) changed()
    },
  }
}

type Graph = {
  readonly engine: () => Engine
  /** Called at each swap. */
  readonly listeners: Set<() => void>
}

type Asked = {
  readonly document: string
  readonly operationName: string | null
  readonly variant: Variant
}

type PreparedBy = { readonly prepared: Prepared; readonly engine: Engine }

/** The same operation; a stream of its moves on when the graph is swapped. */
function moving({ prepared, engine }: PreparedBy, graph: Graph, asked: Asked): Prepared {
  const { stream } = prepared
  if (!stream) return prepared
  return {
    ...prepared,
    subscribe: async (request) => {
      const opened = await openLine(stream, request)
      return 'iterator' in opened
        ? answers({ graph, asked, request }, { stream, engine }, opened)
        : opened
    },
  }
}

type Subscription = {
  readonly graph: Graph
  readonly asked: Asked
  readonly request: OperationRequest
}

/** By whom the events of a stream are answered. */
type Answerer = { readonly stream: Stream; readonly engine: Engine }

/** What changes while a stream goes on. */
type Going = { answerer: Answerer; line: Line; broken: number }

type Step =
  | 'again'
  | 'complete'
  | { readonly result: ExecutionResult; readonly id: string | null; readonly isLast: boolean }

async function* answers(
  subscription: Subscription,
  answerer: Answerer,
  line: Line,
): AsyncGenerator<ExecutionResult, void> {
  const { place } = subscription.request.exchange
  const going: Going = { answerer, line, broken: 0 }
  try {
    for (;;) {
      const step = await stepOf(subscription, going)
      if (step === 'complete') return
      if (step === 'again') continue
      if (place) place.inHand = step.id
      yield step.result
      if (step.isLast) return
      // Whoever asks on has handed it over.
      if (step.id) place?.reach(() => step.id)
    }
  } finally {
    going.line.close()
  }
}

async function stepOf(subscription: Subscription, going: Going): Promise<Step> {
  const { graph, request } = subscription
  // An operation that the graph no longer has ends its stream at once, not at the next event.
  const { engine } = await latest(subscription, going.answerer)
  const event = await nextOf(going.line, graph, engine).catch((cause: unknown) => {
    if (isLoss(cause) && canGoOn(request)) return 'lost' as const
    throw cause
  })
  if (event === null) return 'again'
  if (event === 'lost') {
    going.broken = broken(going.line, going.broken)
    return movedOn(subscription, going)
  }
  if (event.done) return 'complete'
  const { data, id } = event.value
  if (data !== null) return answered(subscription, going, { data, id })
  request.exchange.place?.reach(() => id)
  return 'again'
}

type Told = { readonly data: string; readonly id: string | null }

async function answered(
  subscription: Subscription,
  going: Going,
  { data, id }: Told,
): Promise<Step> {
  const { request } = subscription
  const newest = await latest(subscription, going.answerer)
  const { answerer, line } = going
  const result = await newest.stream.answer(data, line.source, request)
  if (result) {
    going.answerer = newest
    return { result, id, isLast: false }
  }
  // The new graph asks the subgraph for more than this line tells, and is told of the same event
  // over one of its own; …
  if (canGoOn(request)) return movedOn(subscription, going)
  // … where nobody can tell it again, it is answered as it was asked for.
  const next = await openedAnew(newest, request)
  const last = await answerer.stream.answer(data, line.source, request)
  line.close()
  Object.assign(going, { line: next, answerer: newest })
  return last ? { result: last, id, isLast: false } : 'again'
}

/** After the last event that was told, by the graph that is served by then. */
async function movedOn(subscription: Subscription, going: Going): Promise<Step> {
  going.line.close()
  const now = () => latest(subscription, going.answerer)
  const opened = await goOn(subscription.request, now, going.broken)
  if (!('line' in opened)) return { result: opened, id: null, isLast: true }
  Object.assign(going, { line: opened.line, answerer: opened.now })
  return 'again'
}

/** The next event; null when the graph was swapped before it came, and it is still to come. */
async function nextOf(line: Line, { engine, listeners }: Graph, known: Engine) {
  if (engine() !== known) return null
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<SubgraphEvent> | null>()
  const changed = () => resolve(null)
  line.next ??= line.iterator.next()
  line.next.then(resolve, reject)
  listeners.add(changed)
  try {
    const event = await promise
    if (event) line.next = null
    return event
  } finally {
    listeners.delete(changed)
  }
}

const moved = (cause: unknown) =>
  new AppError(
    'GRAPHQL_VALIDATION_FAILED',
    'The graph has changed, and this subscription does not fit it any more.',
    { cause },
  )

/** Throws an AppError that the client may read when the operation is not valid any more. */
async function latest({ graph, asked }: Subscription, answerer: Answerer): Promise<Answerer> {
  const engine = graph.engine()
  if (engine === answerer.engine) return answerer
  const { document, operationName, variant } = asked
  const prepared = await engine.prepare(document, operationName, variant).catch((cause) => {
    throw moved(cause)
  })
  if (!prepared.stream) throw moved('The operation opens no stream there.')
  return { stream: prepared.stream, engine }
}

async function openedAnew({ stream }: Answerer, request: OperationRequest): Promise<Line> {
  const opened = await openLine(stream, request)
  if ('iterator' in opened) return opened
  throw moved(opened.errors?.[0])
}
