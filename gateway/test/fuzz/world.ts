import { GraphQLError, Kind, parseType, type TypeNode } from 'graphql'
import { hashOf } from './choices.ts'
import type { Construct } from './constructs.ts'
import type { Entity, Fact } from './draft.ts'
import type { Asked, Instance } from './instance.ts'
import { mayBeLost } from './lost.ts'
import type { Model } from './model.ts'
import { requiredValues, statedValues } from './required.ts'

/** What changes while an operation runs. */
export type Run = {
  steps: number
  draws: number
  /** The subgraph that is down. */
  dead: string | null
  readonly seen: Set<Construct>
}

/** Who looks: one subgraph, or null for somebody who sees it all at once. */
export type View = { readonly model: Model; readonly subgraph: string | null; readonly run: Run }

const entityNumbers = 4
const valueNumbers = 50
const codes = ['FORBIDDEN', 'CONFLICT', 'NOT_FOUND'] as const

/** An error that a client may see as it is. */
const told = (message: string, hash: number) =>
  new GraphQLError(message, { extensions: { code: codes[hash % codes.length] } })

/**
 * The value of a field: the same wherever and whenever it is asked for. Throws what the field fails
 * with; an item of a list may be an error.
 */
export function valueAt(view: View, { coordinate, source, args }: Asked): unknown {
  const { model, subgraph, run } = view
  const fact = model.facts.get(coordinate)
  if (!fact) throw new Error(`Nothing is known of ${coordinate}.`)
  if (subgraph !== null && fact.owners.length > 0 && !fact.owners.includes(subgraph))
    throw new Error(`${subgraph} does not resolve ${coordinate}.`)
  if (subgraph === null) note(view, fact, source)
  if (subgraph === null && run.dead !== null && mayBeLost(model, { fact, source, dead: run.dead }))
    throw told(`${coordinate} failed`, 0)
  if (fact.kind === 'step') return ++run.steps
  const number = source?.number ?? 0
  const type = typeOf(fact.type)
  if (fact.kind === 'key') return keyAt(view, fact, { number, type })
  if (source && isLost(view, fact, source)) return null
  const made = fact.requires && madeOf(view, fact.requires, source)
  const seed = `${model.seed} ${fact.seed} ${number} ${canonical(args)}${made ?? ''}`
  const value = typedValue({ view, fact, seed, shown: `${fact.seed} ${number}` }, type)
  if (value instanceof GraphQLError) throw value
  return value
}

/** The values that a field with `@requires` is made of, as text. */
function madeOf(view: View, requires: string, source: Instance | null): string {
  if (!source) throw new Error('A root field requires nothing.')
  if (view.subgraph === null) {
    const read = (asked: Asked) => valueAt(view, asked)
    return canonical(requiredValues({ model: view.model, read }, requires, source))
  }
  if (!source.stated) throw new Error(`A reference was needed for what requires ${requires}.`)
  return canonical(statedValues(requires, source.stated))
}

type Making = {
  readonly view: View
  readonly fact: Fact
  readonly seed: string
  readonly shown: string
}

const types = new Map<string, TypeNode>()

function typeOf(sdl: string): TypeNode {
  const type = types.get(sdl) ?? parseType(sdl, { noLocation: true })
  types.set(sdl, type)
  return type
}

function typedValue(making: Making, type: TypeNode, mayBeNull = true): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return typedValue(making, type.type, false)
  const { fact, seed, shown } = making
  const hash = hashOf(seed)
  if (fact.fails === 'error' && hash % 8 === 1) return told(`${shown} failed`, hash)
  if (fact.fails !== 'never' && hash % (mayBeNull ? 7 : 23) === 2) return null
  if (type.kind === Kind.NAMED_TYPE) return namedValue(making, type.name.value, hash)
  const length = (hash >>> 8) % 4
  return Array.from({ length }, (_, index) =>
    typedValue({ ...making, seed: `${seed}.${index}` }, type.type),
  )
}

const scalars: Readonly<Record<string, (hash: number, making: Making) => unknown>> = {
  String: (hash, { shown }) => `${shown} “${hash.toString(36)}”\n`,
  ID: (hash) => String(hash % 1_000),
  Int: (hash) => (hash % 2_001) - 1_000,
  Float: (hash) => (hash % 10_000) / 8,
  Boolean: (hash) => hash % 2 === 0,
  Stamp: (hash) => `2026-11-${String(1 + (hash % 28)).padStart(2, '0')}`,
  Json: (hash) =>
    [{ __typename: 'x', a: [1, { b: null }] }, [hash, 'two'], 'text', { errors: [], data: 1 }][
      hash % 4
    ],
}

function namedValue(making: Making, name: string, hash: number): unknown {
  const { fact, view } = making
  const scalar = scalars[name]
  if (scalar) return scalar(hash, making)
  const member = fact.members[(hash >>> 4) % fact.members.length]
  if (member === undefined) throw new Error(`Nothing is a ${name}.`)
  const isObject = view.model.facts.has(`${member}.id`) || isComposite(view.model, member)
  return isObject ? instanceOf(view, member, { hash, owners: fact.owners }) : member
}

const composites = new WeakMap<Model, Set<string>>()

function isComposite(model: Model, name: string): boolean {
  const known = composites.get(model) ?? new Set([...model.facts.keys()].map(parentOf))
  composites.set(model, known)
  return known.has(name)
}

const parentOf = (coordinate: string) => coordinate.split('.')[0] ?? ''

function instanceOf(
  view: View,
  name: string,
  { hash, owners }: { hash: number; owners: readonly string[] },
): Instance {
  const entity = view.model.entities.get(name)
  const number = (hash >>> 6) % (entity ? entityNumbers : valueNumbers)
  return { __typename: entity ? shownAs(view, entity, number) : name, number, owners }
}

/** The type's name as this subgraph knows it. */
export function shownAs({ subgraph }: View, entity: Entity, number: number): string {
  const { implementations, objectIn, name } = entity
  if (implementations.length === 0 || (subgraph && objectIn.has(subgraph))) return name
  return implementations[number % implementations.length] ?? name
}

/** Key fields spell the number; an object in a key has the number of what it is the key of. */
function keyAt(view: View, fact: Fact, at: { number: number; type: TypeNode }): unknown {
  const [typeName = '', field = ''] = fact.seed.split('.')
  const { number } = at
  const [member] = fact.members
  if (member !== undefined) return { __typename: member, number, owners: fact.owners }
  if (view.model.entities.get(typeName)?.keyKind !== 'composite') return `${field}-${number}`
  return field === 'region' ? `region-${number % 2}` : `id-${Math.floor(number / 2)}`
}

/** The entity's number by any of its keys. Throws for what names none. */
export function numberIn(entity: Entity, stated: Readonly<Record<string, unknown>>): number {
  const org = Object(stated.org)
  const digits = (value: unknown) => Number(/^\w+-(\d+)$/.exec(String(value))?.[1])
  const number =
    entity.keyKind === 'composite'
      ? digits(stated.id) * 2 + digits(stated.region)
      : digits(entity.keyKind === 'nested' ? org.id : (stated.id ?? stated.sku))
  if (Number.isNaN(number)) throw new Error(`Not a key of ${entity.name}: ${canonical(stated)}`)
  return number
}

/** Which objects of an entity a subgraph does not know. */
export const isMissing = (number: number) => number % 2 === 1

/** Throws where the subgraph fails for the whole entity. */
function isLost({ model, run }: View, { owners }: Fact, source: Instance): boolean {
  const entity = model.entities.get(source.__typename)
  const [owner] = owners
  if (!entity || owner === undefined || owners.length > 1 || !isMissing(source.number)) return false
  const way = entity.lost.get(owner)
  if (way) run.seen.add(way === 'null' ? 'entity that is null' : 'entity that fails')
  if (way === 'error') throw missingError(entity, owner)
  return way === 'null'
}

export const missingError = ({ name }: Entity, subgraph: string) =>
  told(`${name} of ${subgraph} failed`, 0)

const keyTags: ReadonlySet<Construct> = new Set(['nested key', 'composite key', 'multiple keys'])

/** A key counts where another subgraph is needed than the one the object came from. */
function note({ run }: View, { tags, owners }: Fact, source: Instance | null): void {
  const isElsewhere = source && !owners.some((owner) => source.owners.includes(owner))
  for (const tag of tags) if (isElsewhere || !keyTags.has(tag)) run.seen.add(tag)
}

/** JSON with the keys of objects in order, so that equal values are equal texts. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
