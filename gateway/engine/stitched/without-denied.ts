import { type DocumentNode, type FieldNode, Kind } from 'graphql'
import { editFields, type Guarded } from '../authorize/index.ts'
import { coordinate, type Rule } from '../authorize/rules.ts'
import { type Placeholder, responseNameOf } from './edits.ts'

/**
 * Clients may not use such aliases (admission refuses them), so a placeholder collides with
 * nothing.
 */
const placeholderPrefix = '__denied_'

/**
 * The operation without its denied fields. Each becomes a `__typename` under a placeholder at the
 * same place: it keeps the order of keys and `@skip`, costs no subgraph anything, and tells the
 * object's type.
 */
export function withoutDenied(
  { schema, rules }: Guarded,
  document: DocumentNode,
  denied: ReadonlySet<Rule>,
): { readonly document: DocumentNode; readonly placeholders: ReadonlyMap<string, Placeholder> } {
  const placeholders = new Map<string, Placeholder>()
  const filtered = editFields(schema, document, (parent, node) => {
    const rule = rules.get(coordinate(parent, node.name.value))
    if (!rule || !denied.has(rule)) return undefined
    const alias = `${placeholderPrefix}${placeholders.size}`
    const responseName = responseNameOf(node)
    placeholders.set(alias, { kind: 'denied', field: node.name.value, responseName })
    return placeholderFor(node, alias)
  })
  return { document: filtered, placeholders }
}

const placeholderFor = ({ directives = [] }: FieldNode, alias: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: alias },
  name: { kind: Kind.NAME, value: '__typename' },
  directives,
})
