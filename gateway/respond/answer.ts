import type { ExecutionResult } from 'graphql'
import type { Log } from '#kit/log'
import type { Exchange } from '../exchange.ts'
import { cachePolicyOf } from './cache-policy.ts'
import { jsonAnswer, jsonTypeFor, refusalOf } from './json-answer.ts'
import { publicResult } from './public-result.ts'
import { singleEvent, takesEvents } from './stream.ts'

const kept = { 'cache-control': 'private, no-store' }

/** What every answer of the graph carries; an answer that lacks nothing may be kept by caches. */
export const headersFor = (exchange: Exchange, isComplete: boolean) => ({
  ...((isComplete ? cachePolicyOf(exchange) : null) ?? kept),
  'x-request-id': exchange.requestId,
})

export const isComplete = ({ data, errors }: ExecutionResult): boolean => Boolean(data && !errors)

/**
 * One result as it leaves: errors fit for the client, in a type that it takes. Null when it takes
 * none.
 */
export function answerWith(result: ExecutionResult, exchange: Exchange, log: Log): Response | null {
  const type = jsonTypeFor(exchange.request.headers.get('accept'))
  const headers = headersFor(exchange, isComplete(result))
  if (type) return jsonAnswer(publicResult(result, exchange, log), type, headers)
  if (!takesEvents(exchange.request)) return null
  const told = publicResult(result, exchange, log)
  return told.data ? singleEvent(told) : refusalOf(told)
}
