import { OperationTypeNode } from 'graphql'
import { AppError } from '#kit/errors'
import { eventsMissed } from '#kit/following'
import type { Log } from '#kit/log'
import type { Exchange } from '../../exchange.ts'
import type { Credentials } from './credentials.ts'
import { faultFrom, SubgraphFault } from './fault.ts'
import type { Ask, SubgraphEvent, Transport } from './transport.ts'

type ToldDeps = { readonly name: string; readonly credentials: Credentials; readonly log: Log }

/** Which subgraph failed, and how, is for the log only. */
const unavailableMessage = 'A part of the service is not available. Try again in a moment.'

/**
 * A transport over `ask`: asks in the name of an exchange's caller, and tells a fault in words that
 * a client may read.
 */
export function toldTo(ask: Ask, { name, credentials, log }: ToldDeps): Transport {
  return async ({ body, kind }, exchange) => {
    const { signal, requestId } = exchange
    const fail = (cause: unknown) => {
      const fault = faultFrom(cause)
      // That a breaker opened is said once, and not again by each request that meets it.
      if (fault.kind !== 'open')
        log.warn(`Subgraph ${name} did not answer request ${requestId}`, fault)
      return new AppError('UNAVAILABLE', unavailableMessage, { cause: fault })
    }
    signal.throwIfAborted()
    const lastEventId = kind === OperationTypeNode.SUBSCRIPTION ? ownIdIn(name, exchange) : null
    const headers = await credentials.headersFor(exchange, name)
    signal.throwIfAborted()
    try {
      const asked = { body, kind, credentials: headers, requestId, lastEventId, signal }
      const answer = await ask(asked)
      return typeof answer === 'string' ? answer : untilItFails(named(name, answer), fail)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof SubgraphFault && cause.answer !== null) return cause.answer
      throw fail(cause)
    }
  }
}

async function* untilItFails(
  events: AsyncIterable<SubgraphEvent>,
  fail: (cause: unknown) => AppError,
): AsyncGenerator<SubgraphEvent, void> {
  try {
    yield* events
  } catch (cause) {
    throw fail(cause)
  }
}

/**
 * An id says something only to the subgraph that gave it, and a new graph may ask another one.
 * Throws EVENTS_MISSED for the id of another.
 */
function ownIdIn(name: string, { place }: Exchange): string | null {
  if (!place || place.after === null) return null
  if (!place.after.startsWith(`${name} `)) throw eventsMissed()
  return place.after.slice(name.length + 1)
}

async function* named(
  name: string,
  events: AsyncIterable<SubgraphEvent>,
): AsyncGenerator<SubgraphEvent, void> {
  for await (const { data, id } of events) yield { data, id: id && `${name} ${id}` }
}
