import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
} from 'graphql'
import { type Choices, oneIn, pick } from './choices.ts'
import type { Construct } from './constructs.ts'

/** What an operation needs besides its text, as far as it is written. */
export type Inputs = {
  readonly choices: Choices
  /** Of variables, with their types and defaults. */
  readonly definitions: string[]
  readonly variables: Record<string, unknown>
  readonly written: Set<Construct>
  /** One in so many operations is given a value that its variable cannot hold. */
  readonly mayFail: boolean
}

/** The arguments of one field, with their parentheses; empty when there are none. */
export function argumentsFor(inputs: Inputs, { args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter((arg) => isRequiredArgument(arg) || oneIn(inputs.choices, 2))
  if (given.length === 0) return ''
  return `(${given.map((arg) => `${arg.name}: ${inputFor(inputs, arg)}`).join(', ')})`
}

function inputFor(inputs: Inputs, { type, name }: GraphQLArgument): string {
  if (oneIn(inputs.choices, 2)) return variableFor(inputs, type, name)
  return literalOf(valueFor(inputs.choices, type, 2), type, inputs)
}

function variableFor(inputs: Inputs, type: GraphQLInputType, hint: string): string {
  const { choices, definitions, variables, written } = inputs
  const name = `${hint}${definitions.length}`
  const value = valueFor(choices, type, 2)
  const defaulted = oneIn(choices, 4) ? ` = ${literalOf(value, type)}` : ''
  definitions.push(`$${name}: ${type}${defaulted}`)
  if (defaulted && oneIn(choices, 2)) return `$${name}`
  if (!isNonNullType(type) && oneIn(choices, 6)) return `$${name}`
  variables[name] = value
  if (inputs.mayFail && !String(type).includes('Json') && !String(type).includes('Stamp')) {
    written.add('variable that is wrong')
    variables[name] = { wrong: [1] }
  }
  return `$${name}`
}

const words = ['', 'plain', 'quote " and \\ and \n line', '“ü”', '__proto__'] as const
const jsons: readonly unknown[] = [1, 'text', [1, 'two', null], { a: { b: [true] } }, {}]

const scalars: Readonly<Record<string, (choices: Choices) => unknown>> = {
  Int: (choices) => choices.below(5),
  Float: (choices) => choices.below(50) / 4,
  Boolean: (choices) => choices.below(2) === 0,
  String: (choices) => pick(choices, words),
  ID: (choices) => `Item-${choices.below(5)}`,
  Json: (choices) => pick(choices, jsons),
  Stamp: () => '2026-11-21',
}

function valueFor(choices: Choices, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentFor(choices, type.ofType, depth)
  return oneIn(choices, 7) ? null : presentFor(choices, type, depth)
}

function presentFor(choices: Choices, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentFor(choices, type.ofType, depth)
  if (isListType(type)) {
    const length = depth > 0 ? choices.below(3) : 0
    return Array.from({ length }, () => valueFor(choices, type.ofType, depth - 1))
  }
  if (isEnumType(type)) return pick(choices, type.getValues()).name
  if (isInputObjectType(type)) return objectFor(choices, Object.values(type.getFields()), depth)
  return scalars[type.name]?.(choices) ?? 'scalar'
}

const objectFor = (choices: Choices, fields: readonly GraphQLInputField[], depth: number) =>
  Object.fromEntries(
    fields
      .filter(() => oneIn(choices, 2))
      .map(({ name, type }) => [name, valueFor(choices, type, depth - 1)]),
  )

/** The value as GraphQL text; with `inputs`, a part of it may become a variable. */
function literalOf(value: unknown, type: GraphQLInputType, inputs?: Inputs): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType, inputs)
  if (value === null) return 'null'
  if (isListType(type) && Array.isArray(value))
    return `[${value.map((item) => literalOf(item, type.ofType, inputs)).join(', ')}]`
  if (isEnumType(type)) return String(value)
  if (isInputObjectType(type)) {
    const known = type.getFields()
    const entries = Object.entries(Object(value)).map(([name, inner]) => {
      const field = known[name]
      if (!field) throw new Error(`${type.name} has no ${name}.`)
      const text =
        inputs && oneIn(inputs.choices, 5)
          ? variableFor(inputs, field.type, name)
          : literalOf(inner, field.type, inputs)
      return `${name}: ${text}`
    })
    return `{ ${entries.join(', ')} }`
  }
  return untypedOf(value)
}

function untypedOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(untypedOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([name, inner]) => `${name}: ${untypedOf(inner)}`)
  return `{ ${entries.join(', ')} }`
}
