import { GraphQLError } from 'graphql'

/** The cause of an error that a subgraph told, and that clients may read as it is. */
export class SubgraphError extends Error {
  override readonly name = 'SubgraphError'
}

/** True for what such a cause has made, however often it was wrapped since. */
export const isSubgraphError = (error: unknown): boolean =>
  error instanceof SubgraphError ||
  (error instanceof GraphQLError && isSubgraphError(error.originalError))
