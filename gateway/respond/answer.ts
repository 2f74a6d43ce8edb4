import type { ExecutionResult } from 'graphql'
import type { Log } from '#kit/log'
import type { Exchange } from '../exchange.ts'
import { cachePolicyOf } from './cache-policy.ts'
import { type JsonType, jsonAnswer, jsonTypeFor, refusalOf } from './json-answer.ts'
import { notAcceptable, publicResult } from './public-result.ts'
import { singleEvent, takesEvents } from './stream.ts'

const kept = { 'cache-control': 'private, no-store' }

/** What every answer of the graph carries; an answer that lacks nothing may be kept by caches. */
export const headersFor = (exchange: Exchange, isComplete: boolean) => ({
  ...((isComplete ? cachePolicyOf(exchange) : null) ?? kept),
  'x-request-id': exchange.requestId,
})

export const isComplete = ({ data, errors }: ExecutionResult): boolean => Boolean(data && !errors)

type Asked = { readonly exchange: Exchange; readonly log: Log }

/** One result as it leaves, with errors fit for the client. */
export const answerAs = (
  type: JsonType,
  result: ExecutionResult,
  { exchange, log }: Asked,
): Response =>
  jsonAnswer(publicResult(result, exchange, log), type, headersFor(exchange, isComplete(result)))

/**
 * The same in a type that the client takes, or a refusal when it takes none. Never nothing: whoever
 * made an answer of the result itself would tell what is not for the client.
 */
export function answerWith(result: ExecutionResult, asked: Asked): Response {
  const { request } = asked.exchange
  const type = jsonTypeFor(request.headers.get('accept'))
  if (type) return answerAs(type, result, asked)
  const told = publicResult(result, asked.exchange, asked.log)
  if (!takesEvents(request)) return refusalOf({ errors: [notAcceptable('The answer is JSON.')] })
  return told.data ? singleEvent(told) : refusalOf(told)
}
