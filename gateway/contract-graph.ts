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
  validate,
} from 'graphql'
import { documentRules } from '#kit/document/rules'
import { type Contract, contractNamed, contracts } from '#schema/contracts'
import { type Closure, closureOf, type Tags } from './contract-closure.ts'
import { publicDocumentOf, publicSchemaOf } from './engine/prepare/public-schema.ts'
import { usesOf } from './engine/supergraph/directives.ts'
import type { Supergraph } from './engine/supergraph/index.ts'

/** A graph whose contracts lead out of themselves; the message names every field and type. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(['The contracts cannot be published:', ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.faults = faults
  }
}

/** The contracts of one supergraph. */
export type Contracts = {
  /**
   * The supergraph as one contract sees it: all else is inaccessible, which the engine may read to
   * find its way, and no client.
   */
  narrowed(contract: Contract): Supergraph
  /** Null for a contract that has no query. */
  schemaOf(contract: Contract): GraphQLSchema | null
  /**
   * GraphQL's own text of a contract, without what tells how the graph is put together; null for
   * one that has no query.
   */
  sdlOf(contract: Contract): string | null
  /** Why a document is not within a contract, one line each; empty when it is. */
  outside(document: DocumentNode, contract: Contract): readonly string[]
}

/** What is tagged with no contract is for whoever is signed in. */
const untagged: Contract = 'app'

/** Throws ContractError when one of the contracts leaks. Each is made when it is first asked for. */
export function contractsOf(supergraph: Supergraph): Contracts {
  const closures = closuresOf(supergraph.document)
  const narrowed = once((contract: Contract) => {
    const closure = closures.get(contract)
    if (!closure) return supergraph
    return { ...supergraph, document: hidingAllBut(supergraph.document, closure) }
  })
  const schemaOf = once((contract: Contract) => {
    const schema = publicSchemaOf(narrowed(contract).document)
    return schema.getQueryType() ? schema : null
  })
  const sdlOf = once((contract: Contract) => {
    const schema = schemaOf(contract)
    return schema && `${printSchema(schema).trim()}\n`
  })
  const outside = (document: DocumentNode, contract: Contract) => {
    const schema = schemaOf(contract)
    if (!schema) return [`Nothing is in the contract "${contract}".`]
    return validate(schema, document, documentRules).map(({ message }) => message)
  }
  return { narrowed, schemaOf, sdlOf, outside }
}

/** Of the contracts that are not the whole graph. Throws ContractError. */
function closuresOf(document: DocumentNode): ReadonlyMap<Contract, Closure> {
  const visible = publicDocumentOf(document)
  const tags = tagsIn(document)
  const closures = new Map<Contract, Closure>(
    contracts
      .filter((contract) => contract !== 'admin')
      .map((contract) => [contract, closureOf(visible, contract, tags)]),
  )
  const faults = [...closures.values()].flatMap((closure) => closure.faults)
  if (faults.length > 0) throw new ContractError(faults)
  return closures
}

function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, { readonly value: Value }>()
  return (key) => {
    const known = made.get(key) ?? { value: make(key) }
    made.set(key, known)
    return known.value
  }
}

/** A field's own tags come before those of its type; of several the one that shows it to the most. */
function tagsIn({ definitions }: DocumentNode): Tags {
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
  return {
    ofField: (type, field) => ofFields.get(`${type}.${field}`) ?? ofTypes.get(type) ?? untagged,
    ofType: (type) => ofTypes.get(type),
  }
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
