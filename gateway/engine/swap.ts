import type { ExecutionResult } from 'graphql'
import { AppError } from '#kit/errors'
import type { Engine, OperationRequest, Prepared, Source, Stream, Variant } from './engine.ts'

/** An engine that may be replaced by one for another graph while it answers. */
export type SwappableEngine = Engine & {
  /**
   * From now on operations are prepared by `next`. What is in flight is finished by the engine that
   * began it; open streams go on under `next`, from their next event. An event is told once at most:
   * where `next` has to open a stream's line anew, the new line counts from its opening, and what
   * the subgraph tells while it opens may be missed, as by a client that connects again.
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
      const opened = await openedBy(stream, request)
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

/** Events that a subgraph goes on telling, whatever happens to the graph. */
type Reader = {
  readonly source: Source
  readonly iterator: AsyncIterator<string>
  /** What was asked for and has not come yet. */
  next: Promise<IteratorResult<string>> | null
  /** Lets go of the subgraph, whether or not an event is awaited. */
  close(): void
}

async function openedBy(
  stream: Stream,
  request: OperationRequest,
): Promise<ExecutionResult | Reader> {
  const { exchange } = request
  const own = new AbortController()
  const signal = AbortSignal.any([exchange.signal, own.signal])
  const source = await stream.open({ ...request, exchange: { ...exchange, signal } })
  if (!('events' in source)) return source
  const iterator = source.events[Symbol.asyncIterator]()
  const close = () => {
    own.abort()
    void iterator.return?.().catch(() => {})
  }
  return { source, iterator, next: null, close }
}

async function* answers(
  subscription: Subscription,
  first: Answerer,
  opened: Reader,
): AsyncGenerator<ExecutionResult, void> {
  const { graph, request } = subscription
  let answerer = first
  let reader = opened
  try {
    for (;;) {
      // An operation that the graph no longer has ends its stream at once, not at the next event.
      const { engine } = await latest(subscription, answerer)
      const event = await nextOf(reader, graph, engine)
      if (event === null) continue
      if (event.done) return
      const newest = await latest(subscription, answerer)
      const result = await newest.stream.answer(event.value, reader.source, request)
      if (result) {
        answerer = newest
        yield result
        continue
      }
      // The new graph asks the subgraph for more than this stream tells: it is opened anew, and
      // what came before is answered as it was asked for.
      const next = await openedAnew(newest, request)
      const last = await answerer.stream.answer(event.value, reader.source, request)
      reader.close()
      reader = next
      answerer = newest
      if (last) yield last
    }
  } finally {
    reader.close()
  }
}

/** The next event; null when the graph was swapped before it came, and it is still to come. */
async function nextOf(reader: Reader, { engine, listeners }: Graph, known: Engine) {
  if (engine() !== known) return null
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<string> | null>()
  const changed = () => resolve(null)
  reader.next ??= reader.iterator.next()
  reader.next.then(resolve, reject)
  listeners.add(changed)
  try {
    const event = await promise
    if (event) reader.next = null
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

async function openedAnew({ stream }: Answerer, request: OperationRequest): Promise<Reader> {
  const opened = await openedBy(stream, request)
  if ('iterator' in opened) return opened
  throw moved(opened.errors?.[0])
}
