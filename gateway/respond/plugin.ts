import type { ExecutionResult } from 'graphql'
import type { Log } from '#kit/log'
import type { GraphPlugin } from '../graph.ts'
import { publicResult } from './public-result.ts'

export type RespondDeps = { readonly log: Log }

/**
 * Stage 6, how it leaves: errors fit for the client, the status, and nothing for a cache to keep.
 */
export function useRespond({ log }: RespondDeps): GraphPlugin {
  return {
    onResultProcess: ({ result, setResult, serverContext: { exchange } }) => {
      if (isSingle(result)) setResult(publicResult(result, exchange, log))
    },
    onResponse: ({ response, serverContext: { exchange } }) => {
      response.headers.set('cache-control', 'no-store')
      response.headers.set('x-request-id', exchange.requestId)
    },
  }
}

/** Streams and batches, which yoga knows as well, have no place here yet. */
const isSingle = (result: object): result is ExecutionResult =>
  !Array.isArray(result) && !(Symbol.asyncIterator in result)
