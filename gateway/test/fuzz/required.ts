import { type FieldNode, Kind, parse, type SelectionSetNode, valueFromASTUntyped } from 'graphql'
import type { Asked, Instance } from './instance.ts'
import type { Model } from './model.ts'

type Values = { readonly [name: string]: unknown }

/** The data, and the schema that says which arguments have defaults. */
type Data = { readonly model: Model; readonly read: (asked: Asked) => unknown }

const selections = new Map<string, SelectionSetNode>()

function selectionOf(requires: string): SelectionSetNode {
  const known = selections.get(requires)
  if (known) return known
  const [operation] = parse(`{ ${requires} }`, { noLocation: true }).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`Not a selection: ${requires}`)
  selections.set(requires, operation.selectionSet)
  return operation.selectionSet
}

/** The values that a selection of `@requires` has in the data. */
export const requiredValues = (data: Data, requires: string, source: Instance): Values =>
  projected(data, selectionOf(requires), source)

function projected(data: Data, { selections }: SelectionSetNode, source: Instance): Values {
  const entries = selections.flatMap((node): (readonly [string, unknown])[] => {
    if (node.kind === Kind.FIELD) return [[node.name.value, fieldOf(data, node, source)]]
    if (node.kind !== Kind.INLINE_FRAGMENT) return []
    if (node.typeCondition?.name.value !== source.__typename) return []
    return Object.entries(projected(data, node.selectionSet, source))
  })
  return Object.fromEntries(entries)
}

function fieldOf(data: Data, node: FieldNode, source: Instance): unknown {
  const coordinate = `${source.__typename}.${node.name.value}`
  const given = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )
  const args = { ...defaultsOf(data, coordinate), ...given }
  return below(data, node, data.read({ coordinate, source, args }))
}

function below(data: Data, node: FieldNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => below(data, node, item))
  const { selectionSet } = node
  return selectionSet && isInstance(value) ? projected(data, selectionSet, value) : value
}

const isInstance = (value: unknown): value is Instance =>
  typeof value === 'object' && value !== null && 'number' in value && '__typename' in value

/** What a field gets for the arguments that are not given. */
function defaultsOf({ model }: Data, coordinate: string): Values {
  const [typeName = '', field = ''] = coordinate.split('.')
  const type = model.schema.getType(typeName)
  if (!type || !('getFields' in type)) return {}
  const found = type.getFields()[field]
  if (!found || !('args' in found)) return {}
  return Object.fromEntries(
    found.args
      .filter(({ defaultValue }) => defaultValue !== undefined)
      .map(({ name, defaultValue }) => [name, defaultValue]),
  )
}

/** The same values, as a reference states them. Throws for one that is left out. */
export const statedValues = (requires: string, stated: Values): Values =>
  picked(selectionOf(requires), stated)

function picked({ selections }: SelectionSetNode, stated: Values): Values {
  const entries = selections.flatMap((node): (readonly [string, unknown])[] => {
    if (node.kind === Kind.FIELD) {
      const name = node.name.value
      if (!Object.hasOwn(stated, name)) throw new Error(`The reference lacks ${name}.`)
      return [[name, pickedBelow(node, stated[name])]]
    }
    if (node.kind !== Kind.INLINE_FRAGMENT) return []
    return Object.entries(pickedOf(node.selectionSet, stated))
  })
  return Object.fromEntries(entries)
}

/** Of a fragment, what is there: which type the object has is not always said. */
function pickedOf({ selections }: SelectionSetNode, stated: Values): Values {
  const present = selections.filter(
    (node) => node.kind === Kind.FIELD && Object.hasOwn(stated, node.name.value),
  )
  return picked({ kind: Kind.SELECTION_SET, selections: present }, stated)
}

function pickedBelow(node: FieldNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => pickedBelow(node, item))
  const { selectionSet } = node
  if (!selectionSet || typeof value !== 'object' || value === null) return value
  return picked(selectionSet, { ...value })
}
