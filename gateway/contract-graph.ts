import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  printSchema,
  type TypeDefinitionNode,
} from 'graphql'
import { type Contract, contractNamed, contracts } from '#schema/contracts'
import { type Closure, type ContractOfField, closureOf } from './contract-closure.ts'
import { publicDocumentOf, publicSchemaOf } from './engine/prepare/public-schema.ts'
import { usesOf } from './engine/supergraph/directives.ts'
import type { Supergraph } from './engine/supergraph/index.ts'

/** A graph whose contracts lead out of themselves; the message names every field and type. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`These contracts leak: ${faults.join(' ')}`)
    this.faults = faults
  }
}

/**
 * The supergraph as one contract sees it: all else is inaccessible, which the engine may read to
 * find its way, and no client. Throws ContractError.
 */
export type Narrowing = (contract: Contract) => Supergraph

/** What is tagged with no contract is for whoever is signed in. */
const untagged: Contract = 'app'

/** The narrowings of one supergraph. Throws ContractError when one of its contracts leaks. */
export function narrowingsOf(supergraph: Supergraph): Narrowing {
  const visible = publicDocumentOf(supergraph.document)
  const contractOfField = taggedIn(supergraph.document)
  const closures = new Map<Contract, Closure>(
    contracts
      .filter((contract) => contract !== 'admin')
      .map((contract) => [contract, closureOf(visible, contract, contractOfField)]),
  )
  const faults = [...closures.values()].flatMap((closure) => closure.faults)
  if (faults.length > 0) throw new ContractError(faults)
  return (contract) => {
    const closure = closures.get(contract)
    return closure
      ? { ...supergraph, document: hidingAllBut(supergraph.document, closure) }
      : supergraph
  }
}

/**
 * What a contract shows, as text and as a schema; null for one that has no query. The text is
 * GraphQL's own, without what tells how the graph is put together.
 */
export function sdlOf({ document }: Supergraph): string | null {
  const schema = publicSchemaOf(document)
  return hasQueries(schema) ? `${printSchema(schema).trim()}\n` : null
}

const hasQueries = (schema: GraphQLSchema) => schema.getQueryType() != null

/** A field's own tags come before those of its type; of several the one that shows it to the most. */
function taggedIn({ definitions }: DocumentNode): ContractOfField {
  const ofTypes = new Map<string, Contract>()
  const ofFields = new Map<string, Contract>()
  for (const type of definitions.filter(isTypeDefinitionNode)) {
    const ofType = tagOf(type)
    if (ofType) ofTypes.set(type.name.value, ofType)
    for (const field of fieldsOf(type)) {
      const ofField = tagOf(field)
      if (ofField) ofFields.set(`${type.name.value}.${field.name.value}`, ofField)
    }
  }
  return (type, field) => ofFields.get(`${type}.${field}`) ?? ofTypes.get(type) ?? untagged
}

const fieldsOf = (type: DefinitionNode): readonly FieldDefinitionNode[] =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (type.fields ?? [])
    : []

function tagOf(node: TypeDefinitionNode | FieldDefinitionNode): Contract | undefined {
  const names = new Set(usesOf(node, 'tag').map(({ name }) => contractNamed(String(name))))
  return contracts.find((contract) => names.has(contract))
}

const inaccessible: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'inaccessible' },
}

type Hideable = TypeDefinitionNode | FieldDefinitionNode | EnumValueDefinitionNode

const hidden = <Node extends Hideable>(node: Node): Node => ({
  ...node,
  directives: [...(node.directives ?? []), inaccessible],
})

function hidingAllBut(document: DocumentNode, { reached }: Closure): DocumentNode {
  const definitions = document.definitions.map((node): DefinitionNode => {
    if (node.kind === Kind.SCHEMA_DEFINITION)
      return {
        ...node,
        operationTypes: node.operationTypes.filter(({ type }) => reached.has(type.name.value)),
      }
    if (!isTypeDefinitionNode(node)) return node
    const seen = reached.get(node.name.value)
    if (seen === undefined) return hidden(node)
    if (seen === 'whole') return node
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      return node
    const fields = node.fields?.map((field) => (seen.has(field.name.value) ? field : hidden(field)))
    return { ...node, ...(fields && { fields }) }
  })
  return { ...document, definitions }
}
