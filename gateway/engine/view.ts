import type { DocumentNode } from 'graphql'
import type { GraphView } from '../graph-view.ts'
import { rulesIn } from './authorize/index.ts'
import { permits, type Rule, type Rules } from './authorize/rules.ts'
import { variantOf } from './engine.ts'
import { publicSchemaOf } from './prepare/public-schema.ts'
import type { Supergraph } from './supergraph/index.ts'

type Viewed = { readonly supergraph: Supergraph; readonly rules: Rules }

/** Makes the schema when it is called, and finds the rules of a document once. */
export function viewOf({ supergraph, rules }: Viewed): GraphView {
  const schema = publicSchemaOf(supergraph.document)
  const known = new WeakMap<DocumentNode, readonly Rule[]>()
  const touched = (document: DocumentNode) => {
    const found = known.get(document) ?? rulesIn({ schema, rules }, document)
    known.set(document, found)
    return found
  }
  return {
    schema,
    permits: (document, viewer) => {
      const variant = variantOf(viewer)
      return touched(document).every((rule) => permits(rule, variant))
    },
    isOpen: (document) => touched(document).length === 0,
    scopesOf: (document) => {
      const chosen = touched(document).flatMap(({ scopes }) => scopes.flatMap(shortestOf))
      return [...new Set(chosen)].sort()
    },
  }
}

const shortestOf = (alternatives: readonly (readonly string[])[]): readonly string[] =>
  alternatives.reduce(
    (found, one) => (one.length < found.length ? one : found),
    alternatives[0] ?? [],
  )
