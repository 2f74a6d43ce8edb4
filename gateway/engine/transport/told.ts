import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Credentials } from './credentials.ts'
import { faultFrom, SubgraphFault } from './fault.ts'
import type { Ask, Transport } from './transport.ts'

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
    const headers = await credentials.headersFor(exchange, name)
    signal.throwIfAborted()
    try {
      const answer = await ask({ body, kind, credentials: headers, requestId, signal })
      return typeof answer === 'string' ? answer : untilItFails(answer, fail)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof SubgraphFault && cause.answer !== null) return cause.answer
      throw fail(cause)
    }
  }
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
