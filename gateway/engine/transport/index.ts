import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { span } from '#kit/trace'
import type { Exchange } from '../../exchange.ts'
import type { Credentials } from './credentials.ts'
import { faultFrom } from './fault.ts'
import { defaultSettings, type TransportSettings } from './settings.ts'
import { type HttpWay, httpAsk } from './transport.http.ts'
import { type LocalWay, localAsk } from './transport.local.ts'
import type { Ask, Transport } from './transport.ts'

/** A subgraph, and whether it is across the network or in this process. */
export type Target = { readonly name: string } & (HttpWay | LocalWay)

export type TransportDeps = {
  readonly credentials: Credentials
  readonly log: Log
  /** What differs from `defaultSettings`. */
  readonly settings?: Partial<TransportSettings>
}

/** The way to a subgraph, with everything that protects both sides of it. */
export function transportTo(target: Target, deps: TransportDeps): Transport {
  const { name } = target
  const { credentials } = deps
  const settings = { ...defaultSettings, ...deps.settings }
  const reading = {
    answerBytesMax: settings.answerBytesMax,
    credentialsAreOurs: credentials.areOurs,
  }
  const base = 'url' in target ? httpAsk(target, reading) : localAsk(target, { name, ...reading })
  const ask = traced(name, base)
  return async ({ body, kind }, exchange) => {
    const { signal, requestId } = exchange
    signal.throwIfAborted()
    const fail = failureOf(name, deps, exchange)
    try {
      const headers = await credentials.headersFor(exchange, name)
      const answer = await ask({ body, kind, credentials: headers, requestId, signal })
      return typeof answer === 'string' ? answer : untilItFails(answer, fail)
    } catch (cause) {
      signal.throwIfAborted()
      throw fail(cause)
    }
  }
}

/** One span for each request that is sent. */
const traced =
  (name: string, ask: Ask): Ask =>
  (attempt) =>
    span(`subgraph ${name}`, {}, () => ask(attempt))

/** Which subgraph failed, and how, is for the log only. */
const unavailableMessage = 'A part of the service is not available. Try again in a moment.'

const failureOf =
  (name: string, { log }: TransportDeps, { requestId }: Exchange) =>
  (cause: unknown): AppError => {
    log.warn(`Subgraph ${name} did not answer request ${requestId}`, faultFrom(cause))
    return new AppError('UNAVAILABLE', unavailableMessage, { cause })
  }

async function* untilItFails(
  events: AsyncIterable<string>,
  fail: (cause: unknown) => AppError,
): AsyncGenerator<string, void> {
  try {
    yield* events
  } catch (cause) {
    throw fail(cause)
  }
}
