import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql'
import { argumentsOf } from '../supergraph/index.ts'
import { type Link, linksIn } from '../supergraph/links.ts'

export type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/** A field that something guards, and the value of `join__Graph` of a subgraph that has it. */
export type GuardedField = {
  readonly parent: Composite
  readonly field: FieldDefinitionNode
  readonly graph: string
}

type Carrier = { readonly directives?: readonly ConstDirectiveNode[] | undefined }

/**
 * What guards nothing. Every other directive counts as a rule, so one that was renamed, mistyped or
 * invented keeps the gateway from starting instead of being ignored.
 */
const harmless: ReadonlySet<string> = new Set([
  'cost',
  'deprecated',
  'inaccessible',
  'listSize',
  'oneOf',
  'specifiedBy',
  'tag',
])

/** What a link means to us even when it does not say that it is about security. */
const enforced: ReadonlySet<string> = new Set(['authenticated', 'policy', 'requiresScopes'])

const namesOn = ({ directives = [] }: Carrier) => directives.map(({ name }) => name.value)

type IsGuarded = (node: Carrier) => boolean

/**
 * A directive that a link brings is no rule if the link does not call it one: whoever does not know
 * it may pass it over. Source: specs.apollo.dev/link/v1.0, "for".
 */
function guardIn(document: DocumentNode): IsGuarded {
  const links = linksIn(document)
  const rules = new Set(links.filter(({ purpose }) => purpose !== null).flatMap(namesBrought))
  const passable = links.filter(isMetadata).flatMap(namesBrought)
  const ignored = new Set(passable.filter((name) => !rules.has(name) && !enforced.has(name)))
  return (node) =>
    namesOn(node).some(
      (name) => !harmless.has(name) && !ignored.has(name) && !name.startsWith('join__'),
    )
}

const isMetadata = ({ purpose, feature }: Link) => purpose === null && !enforced.has(feature)

const namesBrought = ({ name, imports }: Link): string[] => [
  name,
  ...imports.map(({ as }) => as.replace(/^@/, '')),
]

const isHidden = (node: Carrier) => namesOn(node).includes('inaccessible')

export const namedTypeIn = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeIn(type.type)

/**
 * Every field that carries a rule, on itself, on its parent type or on the type that it returns.
 * Read apart from `rulesOf`, so that a fault there cannot hide what it misses.
 */
export function guardedFieldsIn(document: DocumentNode): GuardedField[] {
  const { definitions } = document
  const isGuarded = guardIn(document)
  const types = new Map(
    definitions.filter(isTypeDefinitionNode).map((node) => [node.name.value, node]),
  )
  const returned = (field: FieldDefinitionNode): Carrier => types.get(namedTypeIn(field.type)) ?? {}
  return definitions
    .filter(isComposite)
    .filter((parent) => !isHidden(parent))
    .flatMap((parent) =>
      (parent.fields ?? [])
        .filter((field) => ![field, returned(field)].some(isHidden))
        .filter((field) => [parent, field, returned(field)].some(isGuarded))
        .map((field) => ({ parent, field, graph: graphOf(parent, field) })),
    )
}

const isComposite = (node: { kind: string }): node is Composite =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION

/** A field without a subgraph of its own is in all those of its type. */
function graphOf(parent: Composite, field: FieldDefinitionNode): string {
  const [graph] = [...joins(field, 'join__field'), ...joins(parent, 'join__type')]
  if (graph === undefined) throw new Error(`${parent.name.value} is in no subgraph.`)
  return graph
}

const joins = ({ directives = [] }: Carrier, directive: string): string[] =>
  directives
    .filter(({ name }) => name.value === directive)
    .map(argumentsOf)
    .filter(({ graph, external }) => typeof graph === 'string' && external !== true)
    .map(({ graph }) => String(graph))
