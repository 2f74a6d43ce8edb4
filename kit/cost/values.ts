import { Kind, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped } from 'graphql'
import type { Amount, Variables } from './amount.ts'
import type { InputWeight, Weights } from './weights.ts'

/** The defaults of an operation's variables. */
export type Defaults = ReadonlyMap<string, unknown>

export const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Defaults =>
  new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  )

/** Undefined for one that was not given and has no default. */
export const variableIn = (variables: Variables, name: string, defaults: Defaults): unknown =>
  Object.hasOwn(variables, name) ? variables[name] : defaults.get(name)

/** Makes the plain value of a value in a document; undefined where a variable is not given. */
export type Read = (variables: Variables) => unknown

export function readerOf(node: ValueNode, defaults: Defaults): Read {
  if (node.kind === Kind.VARIABLE)
    return (variables) => variableIn(variables, node.name.value, defaults)
  if (!holdsVariable(node)) {
    const value = valueFromASTUntyped(node)
    return () => value
  }
  if (node.kind === Kind.LIST) {
    const items = node.values.map((item) => readerOf(item, defaults))
    return (variables) => items.map((item) => item(variables))
  }
  const fields = node.kind === Kind.OBJECT ? node.fields : []
  const members = fields.map(({ name, value }) => [name.value, readerOf(value, defaults)] as const)
  return (variables) => Object.fromEntries(members.map(([name, read]) => [name, read(variables)]))
}

export const holdsVariable = (node: ValueNode): boolean => {
  if (node.kind === Kind.LIST) return node.values.some(holdsVariable)
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => holdsVariable(value))
  return node.kind === Kind.VARIABLE
}

/** What an argument costs, with everything in it. */
export function argumentCost(
  { types }: Weights,
  { input, value: node }: { readonly input: InputWeight; readonly value: ValueNode },
  defaults: Defaults,
): Amount {
  const cost = (value: unknown, { type, weight }: InputWeight): number => {
    if (value === null || value === undefined) return 0
    // A weight on the argument is for all of it; one on a type is for each value of that type.
    return (weight ?? 0) + ofValue(value, type, weight === null)
  }
  const ofValue = (value: unknown, type: string, isCounted: boolean): number => {
    if (Array.isArray(value))
      return value.reduce((sum: number, item: unknown) => sum + ofValue(item, type, isCounted), 0)
    if (value === null || value === undefined) return 0
    const known = types.get(type)
    const own = isCounted ? (known?.weight ?? 0) : 0
    if (!known || known.inputs.size === 0 || typeof value !== 'object') return own
    return Object.entries(value).reduce((sum, [name, inner]) => {
      const field = known.inputs.get(name)
      return field ? sum + cost(inner, field) : sum
    }, own)
  }
  const known = types.get(input.type)
  if (input.weight === null && known?.weight === 0 && known.inputs.size === 0) return 0
  const read = readerOf(node, defaults)
  if (!holdsVariable(node)) return cost(read({}), input)
  return (variables) => cost(read(variables), input)
}
