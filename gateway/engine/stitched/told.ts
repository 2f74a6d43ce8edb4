import { type ExecutionResult, GraphQLError } from 'graphql'
import { eachOf } from '../prepare/document.ts'
import { clientPath } from './stitchable.ts'

/** The result with its errors one by one, each at the path that the client knows. */
export const forClient = (result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.flatMap(eachOf).map(located) } : result

const located = (error: GraphQLError): GraphQLError =>
  error.path
    ? new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        path: clientPath(error.path),
        originalError: error,
        extensions: error.extensions,
      })
    : error
