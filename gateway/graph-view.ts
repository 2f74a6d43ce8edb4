import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { Viewer } from '#kit/identity-token'

/** What the graph that is served says of documents, for those who describe operations. */
export type GraphView = {
  /** As clients see it: without what is inaccessible. */
  readonly schema: GraphQLSchema
  /** Whether nothing that the document asks for is denied to such a caller. */
  permits(document: DocumentNode, viewer: Viewer | null): boolean
  /** Whether anybody at all may read all that the document asks for. */
  isOpen(document: DocumentNode): boolean
  /** A smallest choice of scopes that the rules of such a document ask for, by name. */
  scopesOf(document: DocumentNode): readonly string[]
}
