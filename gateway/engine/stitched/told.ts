import { type ExecutionResult, GraphQLError } from 'graphql'
import { SubgraphError } from '../../subgraph-error.ts'
import { eachOf } from '../prepare/document.ts'
import type { ErrorPolicy } from '../transport/answer.ts'
import { clientPath } from './stitchable.ts'

/** The result with its errors one by one, each at the path that the client knows. */
export const forClient = (
  result: ExecutionResult,
  policy: ErrorPolicy = 'closed',
): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.flatMap(eachOf).map(located).map(toldBy[policy]) }
    : result

/** In the words of graphql-js: the subgraph gave what its own schema does not allow. */
const refusedNull = /^Cannot return null for non-nullable field [\w.]+\.$/

const opened = (error: GraphQLError): GraphQLError =>
  refusedNull.test(error.message)
    ? new GraphQLError(error.message, {
        path: error.path ?? null,
        originalError: new SubgraphError(error.message),
      })
    : error

const toldBy: Readonly<Record<ErrorPolicy, (error: GraphQLError) => GraphQLError>> = {
  closed: (error) => error,
  open: opened,
}

const located = (error: GraphQLError): GraphQLError =>
  error.path
    ? new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        path: clientPath(error.path),
        originalError: error,
        extensions: error.extensions,
      })
    : error
