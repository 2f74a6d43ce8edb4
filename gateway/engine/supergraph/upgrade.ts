import type { DocumentNode } from 'graphql'
import type { Version } from './links.ts'

export function upgraded(
  document: DocumentNode,
  _join: Version | null,
  _subgraphNames: ReadonlyMap<string, string>,
): DocumentNode {
  return document
}
