import type { ExecutionResult } from 'graphql'
import { AppError } from '#kit/errors'
import { pause } from '#kit/pause'
import { createPlace } from '#kit/place'
import { startDeadline } from '../deadline.ts'
import type { OperationRequest, Source, Stream } from './engine.ts'
import type { SubgraphEvent } from './transport/transport.ts'

/** Events that a subgraph goes on telling, whatever happens to the graph. */
export type Line = {
  readonly source: Source
  readonly iterator: AsyncIterator<SubgraphEvent>
  readonly openedAtMs: number
  /** What was asked for and has not come yet. */
  next: Promise<IteratorResult<SubgraphEvent>> | null
  /** Lets go of the subgraph, whether or not an event is awaited. */
  close(): void
}

/** How long a subgraph may take to open a line anew; nobody is told what happened then. */
const openingMs = 5_000
/** So long a client waits, by heartbeats, for a subgraph that is away. */
const patienceMs = 60_000
const pauseMsMax = 2_000
const firstPauseMs = 50
/** A line that broke sooner tells nothing of whether the next one will hold. */
const soundMs = 1_000

/** A result when the subgraph opens no line. */
export async function openLine(
  { open }: Stream,
  request: OperationRequest,
): Promise<ExecutionResult | Line> {
  const { exchange } = request
  const own = new AbortController()
  const signal = AbortSignal.any([exchange.signal, own.signal])
  const source = await open({ ...request, exchange: { ...exchange, signal } })
  if (!('events' in source)) return source
  const iterator = source.events[Symbol.asyncIterator]()
  const close = () => {
    own.abort()
    void iterator.return?.().catch(() => {})
  }
  return { source, iterator, openedAtMs: performance.now(), next: null, close }
}

/** True when what is lost can be asked for again: the subgraph has said where its stream stands. */
export const canGoOn = ({ exchange: { place, signal } }: OperationRequest): boolean =>
  !signal.aborted && Boolean(place?.told())

/** How many lines have broken one shortly after the other, `line` being the last one. */
export const broken = ({ openedAtMs }: Line, before: number): number =>
  performance.now() - openedAtMs < soundMs ? before + 1 : 0

/**
 * A line that begins after the last event that was told. Tries again while the subgraph is away; a
 * result when it refuses, or has been away for a minute. `streamNow` is the stream of the graph that
 * is served at that moment; after lines that soon broke, it is asked for after a pause.
 */
export async function goOn<Now extends { readonly stream: Stream }>(
  request: OperationRequest,
  streamNow: () => Promise<Now>,
  brokenBefore: number,
): Promise<ExecutionResult | { readonly now: Now; readonly line: Line }> {
  const { exchange } = request
  const until = performance.now() + patienceMs
  for (let tries = brokenBefore; ; tries += 1) {
    if (tries > 0) await pause(Math.random() * pauseMsAfter(tries), exchange.signal)
    exchange.signal.throwIfAborted()
    const now = await streamNow()
    const place = createPlace(exchange.place?.told() ?? null)
    const deadline = startDeadline(exchange.signal, openingMs)
    const asked = { ...request, exchange: { ...exchange, signal: deadline.signal, place } }
    const opened = await openLine(now.stream, asked).finally(deadline.clear)
    if ('iterator' in opened) return { now, line: opened }
    exchange.signal.throwIfAborted()
    if (!isAway(opened) || performance.now() > until) return opened
  }
}

const pauseMsAfter = (tries: number) => Math.min(pauseMsMax, firstPauseMs * 2 ** (tries - 1))

const passing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'TIMEOUT'])

/** True for what ends a line without a word of the subgraph. */
export const isLoss = (cause: unknown): boolean =>
  cause instanceof AppError && passing.has(cause.code)

const isAway = ({ errors }: ExecutionResult): boolean =>
  errors?.some(({ originalError }) => isLoss(originalError)) ?? false
