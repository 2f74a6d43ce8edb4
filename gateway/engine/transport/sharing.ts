import { OperationTypeNode } from 'graphql'
import { keyOf } from './credentials.ts'
import type { AnswerText, Ask, Attempt } from './transport.ts'

/** One fetch, and how many wait for it. */
type Flight = {
  readonly answer: Promise<AnswerText>
  readonly controller: AbortController
  waiting: number
}

/**
 * Equal queries that are in flight share one fetch. Each gets the text and reads it for itself. Who
 * leaves does not disturb the others; when the last one has left, the fetch is aborted.
 */
export function shared(ask: Ask, joined: () => void): Ask {
  const flights = new Map<string, Flight>()
  const start = (key: string, attempt: Attempt): Flight => {
    const controller = new AbortController()
    const answer = ask({ ...attempt, signal: controller.signal })
    const flight = { answer, controller, waiting: 0 }
    flights.set(key, flight)
    const end = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    answer.then(end, end)
    return flight
  }
  const leave = (key: string, flight: Flight, reason: unknown) => {
    flight.waiting -= 1
    if (flight.waiting > 0) return
    if (flights.get(key) === flight) flights.delete(key)
    flight.controller.abort(reason)
  }
  return (attempt) => {
    if (attempt.kind === OperationTypeNode.SUBSCRIPTION) return ask(attempt)
    // Whoever asks after a mutation must not get what was read before it.
    if (attempt.kind === OperationTypeNode.MUTATION)
      return ask(attempt).finally(() => flights.clear())
    // Everything a subgraph is told but the request id and the trace: no answer depends on those.
    // The credentials are one line of text, so where they end is never in doubt.
    const key = `${keyOf(attempt.credentials)}\n${attempt.body}`
    const known = flights.get(key)
    if (known) joined()
    const flight = known ?? start(key, attempt)
    flight.waiting += 1
    return answerOf(flight, attempt.signal, (reason) => leave(key, flight, reason))
  }
}

function answerOf(
  { answer }: Flight,
  signal: AbortSignal,
  leave: (reason: unknown) => void,
): Promise<AnswerText> {
  const { promise, resolve, reject } = Promise.withResolvers<AnswerText>()
  const onAbort = () => {
    reject(signal.reason)
    leave(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const stay = () => signal.removeEventListener('abort', onAbort)
  answer.then(
    (text) => {
      stay()
      resolve(text)
    },
    (cause) => {
      stay()
      reject(cause)
    },
  )
  return promise
}
