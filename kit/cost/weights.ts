import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql'
import { z } from 'zod'
import { namedTypeOf } from '../document/named-type.ts'
import { numbering } from './numbering.ts'

/** `@listSize`: how long a list is taken to be before anybody has counted it. */
export type ListSize = {
  readonly assumedSize: number | null
  /** Names of arguments; `input.first` is one inside an argument. */
  readonly slicingArguments: readonly string[]
  /** The lists inside the returned object that the size is of; empty for the field itself. */
  readonly sizedFields: ReadonlySet<string>
  readonly requireOneSlicingArgument: boolean
}

/** An argument, or a field of an input object. */
export type InputWeight = {
  readonly type: string
  /** Null where nothing but its type says what it costs. */
  readonly weight: number | null
  /** Undefined without one. */
  readonly defaultValue: unknown
}

export type FieldWeight = {
  readonly type: string
  /** Lists around the type: 2 for `[[Int]]`. */
  readonly lists: number
  readonly weight: number | null
  readonly size: ListSize | null
  readonly args: ReadonlyMap<string, InputWeight>
  /** Equal for fields that cost the same when they are asked for alike. */
  readonly likeness: number
}

export type TypeWeight = {
  readonly weight: number
  /** Of objects and interfaces. */
  readonly fields: ReadonlyMap<string, FieldWeight>
  /** Of input objects. */
  readonly inputs: ReadonlyMap<string, InputWeight>
  /** Names of the object types that a value may have; empty for scalars, enums and inputs. */
  readonly possible: ReadonlySet<string>
}

/** What everything in a graph costs. Source: IBM GraphQL Cost Directives Specification. */
export type Weights = {
  readonly types: ReadonlyMap<string, TypeWeight>
  /** By kind of operation; null where the graph has none. */
  readonly roots: Readonly<Record<'query' | 'mutation' | 'subscription', string | null>>
}

type Carrier = { readonly directives?: readonly ConstDirectiveNode[] | undefined }

const ListSizeArguments = z.object({
  assumedSize: z.number().nullish(),
  slicingArguments: z.array(z.string()).nullish(),
  sizedFields: z.array(z.string()).nullish(),
  requireOneSlicingArgument: z.boolean().nullish(),
})

/** An object counts 1; text and numbers come with their object. A change counts more. */
const usual = { composite: 1, leaf: 0, query: 0, mutation: 10, subscription: 0 } as const

/**
 * Reads `@cost` and `@listSize` off a supergraph whose directives go by their own names. Throws for
 * a weight that is no number.
 */
export function weightsOf(document: DocumentNode): Weights {
  const nodes = document.definitions.filter(isTypeDefinitionNode)
  const roots = rootsIn(document, new Set(nodes.map(({ name }) => name.value)))
  const usualOfRoot = new Map(
    (['query', 'mutation', 'subscription'] as const).map((kind) => [roots[kind], usual[kind]]),
  )
  const likenessOf = numbering<string>()
  const types = nodes.map((node) => {
    const weight = weightOn(node) ?? usualOfRoot.get(node.name.value) ?? usualOf(node)
    return [
      node.name.value,
      { ...partsOf(node, likenessOf), weight, possible: possibleIn(node, nodes) },
    ] as const
  })
  return { types: new Map(types), roots }
}

const usualOf = ({ kind }: TypeDefinitionNode) =>
  kind === Kind.SCALAR_TYPE_DEFINITION || kind === Kind.ENUM_TYPE_DEFINITION
    ? usual.leaf
    : usual.composite

function partsOf(
  node: TypeDefinitionNode,
  likenessOf: (text: string) => number,
): Pick<TypeWeight, 'fields' | 'inputs'> {
  const hasFields =
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
  const fields = hasFields ? (node.fields ?? []) : []
  const inputs = node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? (node.fields ?? []) : []
  return {
    fields: new Map(fields.map((field) => [field.name.value, fieldFrom(field, likenessOf)])),
    inputs: new Map(inputs.map((input) => [input.name.value, inputFrom(input)])),
  }
}

function fieldFrom(node: FieldDefinitionNode, likenessOf: (text: string) => number): FieldWeight {
  const args = new Map((node.arguments ?? []).map((arg) => [arg.name.value, inputFrom(arg)]))
  const field = {
    type: namedTypeOf(node.type),
    lists: listsAround(node.type),
    weight: weightOn(node),
    size: sizeOn(node),
  }
  const sized = [...(field.size?.sizedFields ?? [])]
  return { ...field, args, likeness: likenessOf(JSON.stringify([field, sized, [...args]])) }
}

const inputFrom = (input: InputValueDefinitionNode): InputWeight => ({
  type: namedTypeOf(input.type),
  weight: weightOn(input),
  defaultValue: input.defaultValue && valueFromASTUntyped(input.defaultValue),
})

/** Federation writes the weight as a number, IBM as a text that holds one. */
function weightOn(node: Carrier): number | null {
  const use = argumentsOf(node, 'cost')
  if (!use) return null
  const weight = Number(use.weight)
  if (Number.isFinite(weight)) return weight
  throw new Error(`@cost has the weight ${JSON.stringify(use.weight)}: it must be a number.`)
}

function sizeOn(node: Carrier): ListSize | null {
  const use = argumentsOf(node, 'listSize')
  if (!use) return null
  const given = ListSizeArguments.parse(use)
  return {
    assumedSize: given.assumedSize ?? null,
    slicingArguments: given.slicingArguments ?? [],
    sizedFields: new Set(given.sizedFields ?? []),
    requireOneSlicingArgument: given.requireOneSlicingArgument ?? true,
  }
}

function argumentsOf({ directives = [] }: Carrier, name: string): Record<string, unknown> | null {
  const directive = directives.find((one) => one.name.value === name)
  if (!directive) return null
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )
}

const listsAround = (type: TypeNode): number =>
  type.kind === Kind.NAMED_TYPE
    ? 0
    : listsAround(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0)

function possibleIn(node: TypeDefinitionNode, nodes: readonly TypeDefinitionNode[]): Set<string> {
  const name = node.name.value
  if (node.kind === Kind.OBJECT_TYPE_DEFINITION) return new Set([name])
  if (node.kind === Kind.UNION_TYPE_DEFINITION)
    return new Set((node.types ?? []).map((member) => member.name.value))
  if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return new Set()
  const members = nodes.filter(
    (one) =>
      one.kind === Kind.OBJECT_TYPE_DEFINITION &&
      one.interfaces?.some((implemented) => implemented.name.value === name),
  )
  return new Set(members.map((member) => member.name.value))
}

function rootsIn({ definitions }: DocumentNode, names: ReadonlySet<string>): Weights['roots'] {
  const schema = definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  const given = schema?.kind === Kind.SCHEMA_DEFINITION ? schema.operationTypes : null
  const rootOf = (kind: string, byDefault: string) => {
    const own = given?.find(({ operation }) => operation === kind)?.type.name.value
    return own ?? (!given?.length && names.has(byDefault) ? byDefault : null)
  }
  return {
    query: rootOf('query', 'Query'),
    mutation: rootOf('mutation', 'Mutation'),
    subscription: rootOf('subscription', 'Subscription'),
  }
}
