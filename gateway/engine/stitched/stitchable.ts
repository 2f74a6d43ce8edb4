import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  isTypeDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { fragmentsIn } from '#kit/document/operation'
import { argumentsOf, type Supergraph } from '../supergraph/index.ts'
import { type Placeholder, responseNameOf } from './edits.ts'

const paddingAlias = '__padding'
const renamedPrefix = '__as_'

const aliasNode = (value: string) => ({ kind: Kind.NAME, value }) as const

/** Names of fields that stitching may ask for by itself: whatever a key or `@requires` mentions. */
export function keyNamesIn({ document }: Supergraph): ReadonlySet<string> {
  const types = document.definitions.filter(isTypeDefinitionNode)
  const carriers = types.flatMap((type) => [type, ...('fields' in type ? (type.fields ?? []) : [])])
  const selections = carriers
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'join__type' || name.value === 'join__field')
    .map(argumentsOf)
    .flatMap(({ key, requires }) => [key, requires])
    .filter((selection) => typeof selection === 'string')
  return new Set(selections.flatMap((selection) => selection.match(/\w+/g) ?? []))
}

/**
 * The same operation, without what stitching gets wrong (seen with @graphql-tools/delegate 12.2, on
 * which the differential test runs): a key with a condition or a field twice with two of them,
 * which are silent nulls; another field under the name of a key, and a field below which fragments
 * ask for `__typename` alone.
 */
export function stitchable(
  document: DocumentNode,
  keyNames: ReadonlySet<string>,
): { readonly document: DocumentNode; readonly placeholders: ReadonlyMap<string, Placeholder> } {
  const fragments = fragmentsIn(document)
  const placeholders = new Map<string, Placeholder>([[paddingAlias, { kind: 'padding' }]])
  const renamed = (node: FieldNode): FieldNode => {
    const responseName = responseNameOf(node)
    const alias = `${renamedPrefix}${responseName}`
    placeholders.set(alias, { kind: 'renamed', responseName })
    return { ...node, alias: aliasNode(alias) }
  }
  const edited = visit(document, {
    [Kind.FIELD]: {
      enter: (node: FieldNode) => {
        const own = hidesKey(node, keyNames) ? renamed(node) : node
        return own.selectionSet && asksForNothing(own.selectionSet, fragments)
          ? { ...own, selectionSet: withPadding(own.selectionSet) }
          : own
      },
      leave: (node: FieldNode) => (node.directives?.length ? conditional(node) : undefined),
    },
  })
  return { document: edited, placeholders }
}

/** Stitching looks at the condition of a fragment, and not at that of a field. */
const conditional = ({ directives = [], ...field }: FieldNode): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives,
  selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
})

/** The path as the client knows it. */
export const clientPath = (path: readonly (string | number)[]): (string | number)[] =>
  path.map((key) =>
    typeof key === 'string' && key.startsWith(renamedPrefix)
      ? key.slice(renamedPrefix.length)
      : key,
  )

function hidesKey(node: FieldNode, keyNames: ReadonlySet<string>): boolean {
  const responseName = responseNameOf(node)
  return node.name.value !== responseName && keyNames.has(responseName)
}

const padding: FieldNode = {
  kind: Kind.FIELD,
  alias: aliasNode(paddingAlias),
  name: aliasNode('__typename'),
}

const withPadding = (set: SelectionSetNode): SelectionSetNode => ({
  ...set,
  selections: [padding, ...set.selections],
})

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

const asksForNothing = ({ selections }: SelectionSetNode, fragments: Fragments): boolean =>
  selections.every((node) => !isPlainField(node) && isHollow(node, fragments))

const isPlainField = (node: SelectionNode) => node.kind === Kind.FIELD && !node.directives?.length

function isHollow(node: SelectionNode, fragments: Fragments): boolean {
  if (node.kind === Kind.FIELD) return node.name.value === '__typename'
  const { selectionSet } =
    node.kind === Kind.INLINE_FRAGMENT ? node : (fragments.get(node.name.value) ?? {})
  return selectionSet?.selections.every((inner) => isHollow(inner, fragments)) ?? true
}
