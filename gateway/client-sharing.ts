import { type ExecutionResult, OperationTypeNode } from 'graphql'
import type { Answering, Call } from './engine/answer.ts'
import type { Exchange } from './exchange.ts'
import { keepText } from './respond/json-answer.ts'

export type ClientSharing = {
  /** Everything about who asks that an answer may depend on; `identityOf` everywhere but in tests. */
  readonly identityOf: (exchange: Exchange) => string
}

/** One run, and how many wait for it. */
type Flight = {
  readonly result: Promise<ExecutionResult>
  readonly controller: AbortController
  waiting: number
  isShared: boolean
  /** Nobody joins it any more. */
  readonly close: () => void
}

/** Who asks, and the headers that subgraphs are told; text of one line. */
export const identityOf =
  (forwarded: readonly string[] = []) =>
  ({ viewer, credential, clientId, contract, request }: Exchange): string =>
    JSON.stringify([
      ...[credential, clientId, contract],
      viewer && { ...viewer, roles: [...viewer.roles].sort(), scopes: [...viewer.scopes].sort() },
      forwarded.map((name) => request.headers.get(name)),
    ])

/**
 * Equal queries of one caller that are in flight are one run: each gets the same bytes. Who leaves
 * does not disturb the others; when the last one has left, the run is aborted. What may have
 * changed something ends it for those who come later.
 */
export function sharedAmongClients(
  answering: Answering,
  sharing: ClientSharing | undefined,
): Answering {
  if (!sharing) return answering
  const flights = new Map<string, Flight>()
  const start = (key: string, call: Call, prepared: Parameters<Answering['execute']>[1]) => {
    const controller = new AbortController()
    const exchange = { ...call.exchange, signal: controller.signal }
    const result = answering.execute({ ...call, exchange }, prepared)
    const close = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const flight: Flight = { result, controller, close, waiting: 0, isShared: false }
    flights.set(key, flight)
    result.then((told) => {
      close()
      if (flight.isShared && !told.errors) keepText(told)
    }, close)
    return flight
  }
  return {
    ...answering,
    execute: (call, prepared, run) => {
      // One that comes another way is shared there.
      if (run) return answering.execute(call, prepared, run)
      if (prepared?.kind !== OperationTypeNode.QUERY)
        return answering.execute(call, prepared).finally(() => flights.clear())
      const { exchange, text, operationName, variables } = call
      const asked = JSON.stringify([operationName, variables])
      const key = `${sharing.identityOf(exchange)}\n${asked}\n${text}`
      const known = flights.get(key)
      if (!known) {
        exchange.reads = prepared.reads
        return waited(start(key, call, prepared), exchange.signal)
      }
      known.isShared = true
      return answering.execute(call, prepared, () => waited(known, exchange.signal))
    },
  }
}

async function waited(flight: Flight, signal: AbortSignal): Promise<ExecutionResult> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const onAbort = () => {
    flight.waiting -= 1
    if (flight.waiting > 0) return reject(signal.reason)
    flight.close()
    // What is known by now may still be told.
    flight.controller.abort(signal.reason)
  }
  flight.waiting += 1
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([flight.result, gone])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
