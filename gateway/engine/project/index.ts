import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
} from 'graphql'
import { SubgraphError } from '../../subgraph-error.ts'
import { errorAt, unauthorized, uniqueErrors } from '../errors.ts'
import { type Failures, type Reason, reasonsBelow } from '../execute/failures.ts'
import type { Merged } from '../execute/index.ts'
import type { ErrorPolicy } from '../transport/answer.ts'
import { isTree, type Tree } from '../tree.ts'
import type { Introspect } from './introspection.ts'
import type { Projected, Shape } from './shape.ts'

type Key = string | number
type Path = readonly Key[]

type Projecting = {
  readonly failures: Failures
  readonly policy: ErrorPolicy
  readonly introspect: Introspect
  readonly told: GraphQLError[]
  /** Errors that have found their place. */
  readonly placed: Set<GraphQLError>
}

/** Stands for a null that its position may not hold: what is around it becomes null instead. */
const unholdable = Symbol('unholdable')

/**
 * The client's answer: null where something is missing, with one error at its path, bubbling up to
 * where null is allowed. Source: GraphQL, September 2025, 6.4.3 and 6.4.4.
 */
export function project(shape: Shape, merged: Merged, introspect: Introspect): ExecutionResult {
  const { failures, policy } = merged
  const projecting: Projecting = { failures, policy, introspect, told: [], placed: new Set() }
  const answer = objectAt(projecting, shape, { object: merged.data, path: [], reasons: [] })
  for (const error of failures.all())
    if (!projecting.placed.has(error)) projecting.told.push(errorAt(error, []))
  const errors = uniqueErrors(projecting.told)
  const data = isTree(answer) ? answer : null
  return errors.length > 0 ? { data, errors } : { data }
}

type Place = {
  readonly object: Tree
  readonly path: Path
  /** Why something is missing here that a subgraph was asked for further up. */
  readonly reasons: readonly Reason[]
}

function objectAt(projecting: Projecting, shape: Shape, place: Place): unknown {
  const { object, path, reasons } = place
  const type = typeOf(shape, object)
  if (type === undefined)
    return tell(projecting, path, `A type that is not part of the graph cannot stand here.`)
  if (type === null && shape.dependsOnType && !projecting.failures.isEmpty())
    return withoutType(projecting, shape, place)
  const fields = shape.fieldsOf(type)
  const answer: Tree = {}
  for (const field of fields)
    answer[field.responseName] = fieldAt(projecting, field, {
      ...{ object, path: [...path, field.responseName], reasons },
      type: type ?? shape.type,
    })
  tellRest(projecting, shape, place)
  return Object.values(answer).includes(unholdable) ? unholdable : answer
}

/**
 * An object whose type could not be asked for is none that can be told. Source: GraphQL, September
 * 2025, 6.4.3: its type is resolved before its fields are.
 */
function withoutType(projecting: Projecting, shape: Shape, place: Place): null {
  const before = projecting.told.length
  tellRest(projecting, shape, place)
  return projecting.told.length > before
    ? null
    : tell(projecting, place.path, `The type of an object of type ${shape.type} is not known.`)
}

/** Null while it is not known; undefined for a type that clients cannot see. */
function typeOf(shape: Shape, { __typename: type }: Tree): string | null | undefined {
  if (!shape.isAbstract) return shape.type
  // A subgraph that takes an interface for an object type may give its name.
  if (typeof type !== 'string' || type === shape.type) return null
  return shape.allows(type) ? type : undefined
}

function fieldAt(
  projecting: Projecting,
  field: Projected,
  { object, path, type, reasons }: Place & { readonly type: string },
): unknown {
  const { origin, key } = field
  if (origin === 'typename') return type
  if (origin === 'introspection') return projecting.introspect(field.nodes)
  if (origin === 'denied') {
    projecting.told.push(unauthorized(path))
    return isNonNullType(field.type) ? unholdable : null
  }
  if (!field.type) return null
  return valueAt(projecting, { field, type: field.type, owner: object, key, path, reasons })
}

type Slot = {
  readonly field: Projected
  readonly type: GraphQLOutputType
  /** The object or list that holds the value. */
  readonly owner: Tree | readonly unknown[]
  readonly key: Key
  readonly path: Path
  readonly reasons: readonly Reason[]
}

function valueAt(projecting: Projecting, slot: Slot): unknown {
  const { type, field, path } = slot
  if (!isNonNullType(type)) {
    const value = nullableAt(projecting, slot)
    return value === unholdable ? null : value
  }
  const before = projecting.told.length
  const value = nullableAt(projecting, { ...slot, type: type.ofType })
  if (value !== null && value !== unholdable) return value
  // What went wrong below is the reason; otherwise nobody has told one.
  const isExcused = heldAt(slot) === undefined && projecting.failures.isExcused(slot.owner)
  if (projecting.told.length === before && !isExcused)
    tell(projecting, path, `Cannot return null for non-nullable field ${nameOf(field)}.`)
  return unholdable
}

const nameOf = ({ parent, name }: Projected) => `${parent}.${name}`

function nullableAt(projecting: Projecting, slot: Slot): unknown {
  const { type, field, path } = slot
  const value = heldAt(slot)
  if (value === null || value === undefined) {
    claim(projecting, slot, value)
    return null
  }
  const reasons = reasonsWithin(projecting, slot)
  if (isListType(type)) return listAt(projecting, { ...slot, type: type.ofType, reasons }, value)
  if (field.shape)
    return isTree(value)
      ? objectAt(projecting, field.shape, { object: value, path, reasons })
      : tell(projecting, path, `An object was expected for field ${nameOf(field)}.`)
  const leaf = field.leaf(value)
  return leaf === undefined
    ? tell(projecting, path, `The value of field ${nameOf(field)} is none of its type.`)
    : leaf
}

function heldAt({ owner, key }: Slot): unknown {
  if (isTree(owner)) return Object.hasOwn(owner, key) ? owner[key] : undefined
  return Array.isArray(owner) ? owner[Number(key)] : undefined
}

function listAt(projecting: Projecting, slot: Slot, value: unknown): unknown {
  const { field, path } = slot
  if (!Array.isArray(value))
    return tell(projecting, path, `A list was expected for field ${nameOf(field)}.`)
  const items = value.map((_, index) =>
    valueAt(projecting, { ...slot, owner: value, key: index, path: [...path, index] }),
  )
  return items.includes(unholdable) ? unholdable : items
}

function tell({ told, policy }: Projecting, path: Path, message: string): null {
  told.push(new GraphQLError(message, { path, originalError: new causes[policy](message) }))
  return null
}

/** Whose fault a value is that breaks the subgraph's own schema. */
const causes: Readonly<Record<ErrorPolicy, ErrorConstructor | typeof SubgraphError>> = {
  closed: Error,
  open: SubgraphError,
}

/** Another subgraph may have told the value in part. */
const reasonsWithin = ({ failures }: Projecting, { owner, key, reasons }: Slot) => [
  ...reasonsBelow(reasons, key),
  ...failures.below(owner, key),
]

/** The reasons that subgraphs gave for a null. */
function claim({ failures, told, placed }: Projecting, slot: Slot, value: null | undefined): void {
  const { owner, key, path, field, reasons } = slot
  const own = failures.at(owner, key)
  for (const { error, below } of own) {
    placed.add(error)
    told.push(errorAt(error, [...path, ...inClientNames(field.shape, below)]))
  }
  if (own.length > 0 || value === null) return
  const before = told.length
  for (const error of failures.whole(owner)) {
    placed.add(error)
    told.push(errorAt(error, path))
  }
  if (told.length > before) return
  for (const { error, keys } of reasons) {
    if (typeof key === 'string' && !keys.has(key)) continue
    placed.add(error)
    told.push(errorAt(error, path))
  }
}

/** Below a null nothing tells which type there would have been: any that has the key will do. */
function inClientNames(shape: Shape | null, below: Path): Path {
  let at = shape
  return below.map((key) => {
    if (typeof key === 'number') return key
    const field = at?.named(key)
    at = field?.shape ?? null
    return field?.responseName ?? key
  })
}

/** What went wrong with an object otherwise: with a value that came all the same, or unasked for. */
function tellRest({ failures, told, placed }: Projecting, shape: Shape, { object, path }: Place) {
  if (failures.isEmpty()) return
  for (const key of failures.keysOf(object))
    for (const { error, below } of failures.at(object, key)) {
      if (placed.has(error)) continue
      placed.add(error)
      const field = typeof key === 'string' ? shape.named(key) : null
      // The client did not ask for it by any name.
      const place = field && [...path, field.responseName, ...inClientNames(field.shape, below)]
      told.push(errorAt(error, place ?? []))
    }
  for (const error of failures.whole(object)) {
    if (placed.has(error)) continue
    placed.add(error)
    told.push(errorAt(error, path))
  }
}
