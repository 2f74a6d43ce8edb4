import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { AppError } from '../errors.ts'
import { fragmentsIn } from './operation.ts'

/** How much a document asks for, with each fragment counted as often as it is spread. */
export type Size = {
  readonly operations: number
  readonly rootFields: number
  readonly fields: number
  /** Levels of fields: 1 for `{ viewer }`. */
  readonly depth: number
  /** Levels of braces: those of fragments count as well. */
  readonly levels: number
  readonly aliases: number
  readonly directives: number
}

/** Without `operations`; `rootFields` are the fields of the outermost level. */
type Part = Omit<Size, 'operations'>

const nothing: Part = {
  rootFields: 0,
  fields: 0,
  depth: 0,
  levels: 0,
  aliases: 0,
  directives: 0,
}

const together = (one: Part, other: Part): Part => ({
  rootFields: one.rootFields + other.rootFields,
  fields: one.fields + other.fields,
  depth: Math.max(one.depth, other.depth),
  levels: Math.max(one.levels, other.levels),
  aliases: one.aliases + other.aliases,
  directives: one.directives + other.directives,
})

/** What holds of a document whatever it uses: its operations in sum, or its largest fragment. */
const largest = (one: Part, other: Part): Part => ({
  rootFields: one.rootFields,
  fields: Math.max(one.fields, other.fields),
  depth: Math.max(one.depth, other.depth),
  levels: Math.max(one.levels, other.levels),
  aliases: Math.max(one.aliases, other.aliases),
  directives: Math.max(one.directives, other.directives),
})

/**
 * Each fragment is measured once, so the time is linear in the document, though the counts may be
 * exponential. Throws AppError GRAPHQL_VALIDATION_FAILED for fragments that contain themselves.
 */
export function measure(document: DocumentNode): Size {
  const sizeOf = measurer(document)
  const operations: Part[] = []
  const fragments: Part[] = []
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION)
      operations.push(marked(node, sizeOf(node.selectionSet)))
    // One that nobody uses is validated like any other.
    if (node.kind === Kind.FRAGMENT_DEFINITION)
      fragments.push(marked(node, sizeOf(node.selectionSet)))
  }
  const all = operations.reduce(together, nothing)
  return { ...fragments.reduce(largest, all), operations: operations.length }
}

const marked = (node: { readonly directives?: readonly unknown[] }, part: Part): Part => ({
  ...part,
  directives: part.directives + (node.directives?.length ?? 0),
})

const inner = (part: Part): Part => ({ ...part, levels: part.levels + 1 })

function measurer(document: DocumentNode): (set: SelectionSetNode) => Part {
  const fragments = fragmentsIn(document)
  const known = new Map<FragmentDefinitionNode, Part | 'open'>()

  const ofSet = ({ selections }: SelectionSetNode) =>
    selections.map(ofNode).reduce(together, nothing)

  function ofNode(node: SelectionNode): Part {
    if (node.kind === Kind.FRAGMENT_SPREAD) return marked(node, inner(ofFragment(node.name.value)))
    if (node.kind === Kind.INLINE_FRAGMENT) return marked(node, inner(ofSet(node.selectionSet)))
    const below = node.selectionSet ? ofSet(node.selectionSet) : nothing
    return marked(node, {
      rootFields: 1,
      fields: below.fields + 1,
      depth: below.depth + 1,
      levels: below.levels + 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      directives: below.directives,
    })
  }

  /** A fragment that does not exist has no size; validation will say that it is missing. */
  function ofFragment(name: string): Part {
    const fragment = fragments.get(name)
    if (!fragment) return nothing
    const part = known.get(fragment)
    if (part === 'open')
      throw new AppError('GRAPHQL_VALIDATION_FAILED', 'A fragment may not contain itself.')
    if (part) return part
    known.set(fragment, 'open')
    const measured = ofSet(fragment.selectionSet)
    known.set(fragment, measured)
    return measured
  }

  return ofSet
}
