import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import { type Contract, isWithin } from '#schema/contracts'
import { rootNamesIn } from './engine/supergraph/directives.ts'

export type Tags = {
  /** From which contract on a field is seen. */
  ofField(type: string, field: string): Contract
  /** The one that a type names itself; undefined where it names none. */
  ofType(type: string): Contract | undefined
}

export type Closure = {
  /** The types that can be reached, each with those of its fields that are seen; inputs are whole. */
  readonly reached: ReadonlyMap<string, ReadonlySet<string> | 'whole'>
  /** Why the contract is none: each names the field that leads out of it, and the type. */
  readonly faults: readonly string[]
}

type Fielded = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/** What leads to a type, for a fault; `implements` leads to no other type of an interface. */
type Step = { readonly name: string; readonly by: string; readonly implemented?: boolean }

type Walk = {
  readonly contract: Contract
  readonly types: ReadonlyMap<string, TypeDefinitionNode>
  readonly seen: (type: Fielded) => readonly FieldDefinitionNode[]
  readonly tags: Tags
  readonly faults: Set<string>
}

/**
 * What of a graph of clients a contract holds: the fields that are seen, and the arguments, inputs,
 * enums, scalars, interfaces and members that they lead to. `document` is without what is
 * inaccessible.
 */
export function closureOf(document: DocumentNode, contract: Contract, tags: Tags): Closure {
  const types = new Map(
    document.definitions.filter(isTypeDefinitionNode).map((node) => [node.name.value, node]),
  )
  const faults = new Set<string>()
  const seen = (type: Fielded) =>
    (type.fields ?? []).filter(({ name }) =>
      isWithin(tags.ofField(type.name.value, name.value), contract),
    )
  const walk: Walk = { contract, types, seen, tags, faults }
  const reached = new Map<string, ReadonlySet<string> | 'whole'>()
  const done = new Set<string>()
  const steps = [...rootNamesIn(document)].flatMap((name) => rootStep(walk, name))
  for (let step = steps.pop(); step; step = steps.pop()) {
    const type = types.get(step.name)
    // A built-in scalar is defined nowhere.
    if (!type) continue
    if (!reached.has(step.name)) {
      reached.set(step.name, seenOf(walk, type, step))
      steps.push(...stepsFrom(walk, type))
    }
    if (step.implemented || done.has(step.name)) continue
    done.add(step.name)
    steps.push(...membersFrom(walk, type, step))
  }
  return { reached, faults: [...faults].sort() }
}

/** A kind of operation of which nothing is seen is none of the contract's. */
const rootStep = ({ types, seen }: Walk, name: string): Step[] => {
  const type = types.get(name)
  return type && isFielded(type) && seen(type).length > 0 ? [{ name, by: name }] : []
}

function seenOf({ contract, seen, tags, faults }: Walk, type: TypeDefinitionNode, { by }: Step) {
  if (!isFielded(type)) {
    // What has no output fields is in whole, so its tag can only say no.
    const least = tags.ofType(type.name.value)
    if (least && !isWithin(least, contract))
      faults.add(
        `${by} leads to ${type.name.value} in the contract "${contract}", which is tagged "${least}".`,
      )
    return 'whole'
  }
  const fields = seen(type).map(({ name }) => name.value)
  if (fields.length === 0)
    faults.add(
      `${by} is in the contract "${contract}", but nothing of its type ${type.name.value} is.`,
    )
  return new Set(fields)
}

function stepsFrom(walk: Walk, type: TypeDefinitionNode): Step[] {
  const parent = type.name.value
  if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    return (type.fields ?? []).map((field) => ({
      name: namedTypeOf(field.type),
      by: `${parent}.${field.name.value}`,
    }))
  if (!isFielded(type)) return []
  return [
    ...walk.seen(type).flatMap(({ name, type: returned, arguments: args = [] }) =>
      [returned, ...args.map((argument) => argument.type)].map((one) => ({
        name: namedTypeOf(one),
        by: `${parent}.${name.value}`,
      })),
    ),
    ...interfacesFrom(walk, type),
  ]
}

/** An interface of which nothing is seen is not implemented in the contract. */
function interfacesFrom({ contract, types, seen, faults }: Walk, type: Fielded): Step[] {
  const own = new Set(seen(type).map(({ name }) => name.value))
  return (type.interfaces ?? []).flatMap(({ name: { value: name } }) => {
    const node = types.get(name)
    const fields = node && isFielded(node) ? seen(node) : []
    for (const field of fields)
      if (!own.has(field.name.value))
        faults.add(
          `${name}.${field.name.value} is in the contract "${contract}", but ${type.name.value}.${field.name.value}, which implements it, is not.`,
        )
    return fields.length > 0 ? [{ name, by: type.name.value, implemented: true }] : []
  })
}

/**
 * What a field that gives an abstract type can give. Every member of a union must be seen, because
 * whoever asks is told its name; of an interface those types are there of which something is seen.
 */
function membersFrom(walk: Walk, type: TypeDefinitionNode, { by }: Step): Step[] {
  const { contract, types, seen, faults } = walk
  const name = type.name.value
  if (type.kind === Kind.UNION_TYPE_DEFINITION)
    return (type.types ?? []).flatMap(({ name: { value: member } }) => {
      const node = types.get(member)
      if (node && isFielded(node) && seen(node).length > 0) return [{ name: member, by: name }]
      faults.add(
        `${by} gives ${name} in the contract "${contract}", but nothing of its member ${member} is in it.`,
      )
      return []
    })
  if (type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return []
  return [...types.values()]
    .filter(isFielded)
    .filter(({ interfaces = [] }) => interfaces.some((one) => one.name.value === name))
    .filter((implementer) => seen(implementer).length > 0)
    .map((implementer) => ({ name: implementer.name.value, by: name }))
}

const isFielded = (type: TypeDefinitionNode): type is Fielded =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION
