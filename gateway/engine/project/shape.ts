import {
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import type { Field, Origin, Selection } from '../prepare/selection.ts'
import { type Leaf, leafOf } from './leaf.ts'

/** A field of the answer, on objects of one type. */
export type Projected = {
  readonly origin: Origin
  readonly responseName: string
  readonly key: string
  readonly name: string
  readonly parent: string
  /** The field's type; null for introspection's own fields. */
  readonly type: GraphQLOutputType | null
  readonly shape: Shape | null
  /** As often as the client asked for it at this place. */
  readonly nodes: readonly FieldNode[]
  /** The value as its type has it; undefined for one that is none of it. */
  readonly leaf: Leaf
  /** Code that is true for a value that may stay as it is; null where every one may. */
  readonly isLeaf: string | null
}

/** What the client asked for below a field, for each type that an object there may have. */
export type Shape = {
  readonly type: string
  readonly isAbstract: boolean
  /** Whether an object's own type has to be known to tell what was asked of it. */
  readonly dependsOnType: boolean
  /** For null the type is not known, and only what is asked of all of them is told. */
  readonly fieldsOf: (type: string | null) => readonly Projected[]
  /** False for a type that clients cannot see, or that cannot stand here. */
  readonly allows: (type: string) => boolean
  /** What the client calls the value under a key, and what it asked for below; null if it did not. */
  readonly named: (key: string) => Pick<Projected, 'responseName' | 'shape'> | null
}

export type ShapeDeps = { readonly schema: GraphQLSchema }

export function shapeOf(deps: ShapeDeps, type: string, selections: readonly Selection[]): Shape {
  const known = new Map<string | null, readonly Projected[]>()
  const named = deps.schema.getType(type)
  return {
    type,
    isAbstract: isAbstractType(named),
    dependsOnType: isAbstractType(named) && dependsOnType(deps.schema, type, selections),
    fieldsOf: (concrete) => {
      const fields = known.get(concrete) ?? projectedOf(deps, { type, concrete }, selections)
      known.set(concrete, fields)
      return fields
    },
    allows: (concrete) => {
      const other = deps.schema.getType(concrete)
      if (!isObjectType(other)) return false
      return isAbstractType(named) ? deps.schema.isSubType(named, other) : named === other
    },
    named: (key) => {
      const field = fieldIn(selections, key)
      const below = field?.type && getNamedType(field.type)
      if (!field) return null
      const { responseName, sub } = field
      return { responseName, shape: below && sub ? shapeOf(deps, below.name, sub) : null }
    },
  }
}

const dependsOnType = (
  schema: GraphQLSchema,
  type: string,
  selections: readonly Selection[],
): boolean =>
  selections.some((one) =>
    one.kind === 'field'
      ? one.origin === 'typename'
      : !isWithin(schema, type, one.type) || dependsOnType(schema, type, one.sub),
  )

const fieldIn = (selections: readonly Selection[], key: string): Field | undefined =>
  selections
    .flatMap((one) => (one.kind === 'field' ? [one] : (fieldIn(one.sub, key) ?? [])))
    .find((field) => field.key === key && field.origin === 'subgraph')

type At = { readonly type: string; readonly concrete: string | null }

/** Fields of one name become one, at the place of the first. Source: GraphQL, 6.3.2. */
function projectedOf(deps: ShapeDeps, at: At, selections: readonly Selection[]): Projected[] {
  const fields = new Map<string, Field[]>()
  const add = (selection: Selection) => {
    if (selection.kind === 'field') {
      const same = fields.get(selection.responseName)
      if (same) same.push(selection)
      else fields.set(selection.responseName, [selection])
    } else if (isWithin(deps.schema, at.concrete ?? at.type, selection.type))
      for (const inner of selection.sub) add(inner)
  }
  for (const selection of selections) add(selection)
  return [...fields.values()].flatMap((same) => projectedFrom(deps, at, same))
}

function projectedFrom(deps: ShapeDeps, at: At, same: readonly Field[]): Projected[] {
  // It may be denied through one type and open through another: what may be seen is seen.
  const open = same.filter(({ origin }) => origin !== 'denied')
  const [field] = open.length > 0 ? open : same
  if (!field) return []
  const type = typeIn(deps.schema, at.concrete ?? at.type, field) ?? field.type
  const named = type && getNamedType(type)
  const sub = open.flatMap((one) => one.sub ?? [])
  const { origin, responseName, key, name } = field
  return [
    {
      ...{ origin, responseName, key, name, type },
      nodes: open.map(({ node }) => node),
      parent: at.concrete ?? at.type,
      shape: named && field.sub ? shapeOf(deps, named.name, sub) : null,
      ...leafOf(named),
    },
  ]
}

/** An object's own type may promise more than the interface through which it was asked. */
function typeIn(schema: GraphQLSchema, parent: string, { name }: Field) {
  const type = schema.getType(parent)
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined
}

function isWithin(schema: GraphQLSchema, type: string, other: string): boolean {
  if (type === other) return true
  const narrow = schema.getType(type)
  const wide = schema.getType(other)
  if (!isAbstractType(wide)) return false
  return (isObjectType(narrow) || isInterfaceType(narrow)) && schema.isSubType(wide, narrow)
}
