import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { Viewer } from '#kit/identity-token'

/** What the graph that is served says of documents, for those who describe operations. */
export type GraphView = {
  /** As clients see it: without what is inaccessible. */
  readonly schema: GraphQLSchema
  /** Whether nothing that the document asks for is denied to such a caller. */
  permits(document: DocumentNode, viewer: Viewer | null): boolean
}
