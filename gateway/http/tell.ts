import { errorResponse } from '#kit/errors'
import type { Log } from '#kit/log'
import type { Exchange } from '../exchange.ts'
import { problemOf } from '../problem.ts'

type Saying = {
  /** Where it goes when it is not for the client to know. */
  readonly log?: Log
  /** In the place of that of its code. */
  readonly status?: number
  readonly headers?: Record<string, string>
}

/** How a failure is told to a client. */
export type Tell = (error: unknown, exchange: Exchange, saying?: Saying) => Response

/** As the graph tells of it. */
export const asGraph: Tell = (error, { requestId }, { log, status, headers } = {}) => {
  const answer = errorResponse(error, requestId, log)
  return new Response(answer.body, {
    status: status ?? answer.status,
    headers: { ...Object.fromEntries(answer.headers), ...headers },
  })
}

/** As a problem of that path. Source: RFC 9457. */
export const asProblemAt =
  (instance: string): Tell =>
  (error, { requestId }, { log, ...saying } = {}) =>
    problemOf(error, { instance, requestId }, { log, ...saying })
