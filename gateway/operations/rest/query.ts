import {
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql'
import type { Fault } from '../../problem.ts'
import { scalarSchemaOf } from '../json-schema/scalars.ts'
import type { Variable } from './signature.ts'

/** Values by the names of variables, and what could not be used. */
export type Values = {
  readonly values: Readonly<Record<string, unknown>>
  readonly faults: readonly Fault[]
}

/** One parameter: `filter[range][from]=x` is `x` at `range`, `from` of `filter`. */
type Entry = { readonly path: readonly string[]; readonly text: string }

type Reading = { readonly label: string; readonly faults: Fault[] }

const keyPattern = /^([^[\]]+)((?:\[[^[\]]+\])*)$/

/**
 * Variables out of a query string. A list is its name several times; a field of an input object is
 * `filter[status]=HELD`, to any depth (OpenAPI's `deepObject`). What nothing declares is a fault.
 */
export function valuesFromQuery(query: URLSearchParams, variables: readonly Variable[]): Values {
  const faults: Fault[] = []
  const byName = new Map<string, Entry[]>()
  for (const [key, text] of query) {
    const [, name = key, inner = ''] = keyPattern.exec(key) ?? []
    const entries = byName.get(name) ?? []
    byName.set(name, entries)
    entries.push({ path: [...inner.matchAll(/\[([^[\]]+)\]/g)].map(([, one = '']) => one), text })
  }
  const declared = new Map(variables.map((variable) => [variable.name, variable]))
  for (const name of byName.keys()) if (!declared.has(name)) faults.push(unknown(name))
  const values = [...declared.values()].flatMap(({ name, type }) => {
    const entries = byName.get(name)
    return entries ? [[name, readAs(type, entries, { label: name, faults })] as const] : []
  })
  return { values: Object.fromEntries(values), faults }
}

export const unknown = (name: string): Fault => ({ name, detail: 'There is no such variable.' })

/** Undefined beside a fault. */
function readAs(type: GraphQLInputType, entries: readonly Entry[], reading: Reading): unknown {
  const { label, faults } = reading
  if (isNonNullType(type)) return readAs(type.ofType, entries, reading)
  if (isInputObjectType(type)) return objectOf(type.getFields(), entries, reading)
  const say = (detail: string) => void faults.push({ name: label, detail })
  if (isListType(type)) return itemsOf(type.ofType, entries, reading)
  const [only, ...others] = entries
  if (!only || others.length > 0) return say('Give it once.')
  if (only.path.length > 0) return say('It has no fields.')
  return leafOf(type, only.text, say)
}

function itemsOf(type: GraphQLInputType, entries: readonly Entry[], reading: Reading): unknown {
  const item = isNonNullType(type) ? type.ofType : type
  if (!isInputObjectType(item) && !isListType(item))
    return entries.map((entry) => readAs(item, [entry], reading))
  const detail = 'A list of objects or of lists is sent as JSON, by POST.'
  reading.faults.push({ name: reading.label, detail })
  return undefined
}

function objectOf(
  fields: Readonly<Record<string, { readonly type: GraphQLInputType }>>,
  entries: readonly Entry[],
  { label, faults }: Reading,
): unknown {
  const detail = `Give its fields one by one, as ${label}[field].`
  const byField = new Map<string, Entry[]>()
  for (const { path, text } of entries) {
    const [name, ...rest] = path
    if (name === undefined) {
      faults.push({ name: label, detail })
      continue
    }
    const inner = byField.get(name) ?? []
    byField.set(name, inner)
    inner.push({ path: rest, text })
  }
  const members = [...byField].map(([name, inner]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const reading = { label: `${label}.${name}`, faults }
    if (field) return [name, readAs(field.type, inner, reading)] as const
    faults.push({ name: reading.label, detail: 'There is no such field.' })
    return [name, undefined] as const
  })
  return Object.fromEntries(members)
}

type Say = (detail: string) => undefined

const integer = /^-?\d{1,15}$/
const number = /^-?\d{1,300}(\.\d{1,300})?([eE][-+]?\d{1,3})?$/

/** What each JSON type is in text, and what it is not. */
const leaves: Readonly<Record<string, (text: string, say: Say) => unknown>> = {
  integer: (text, say) => (integer.test(text) ? Number(text) : say('It must be a whole number.')),
  number: (text, say) => (number.test(text) ? Number(text) : say('It must be a number.')),
  boolean: (text, say) =>
    text === 'true' || text === 'false' ? text === 'true' : say('It must be true or false.'),
}

function leafOf(type: GraphQLInputType, text: string, say: Say): unknown {
  const kind = isScalarType(type) ? scalarSchemaOf(type).type : 'string'
  const read = typeof kind === 'string' && Object.hasOwn(leaves, kind) ? leaves[kind] : undefined
  return read ? read(text, say) : text
}
