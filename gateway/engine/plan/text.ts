import { print } from 'graphql'
import { namedTypeOf } from '#kit/document/named-type'
import type { Selected, SelectedField } from './fetch.ts'
import { type Graph, type Joins, lookOf } from './joins.ts'

export type Printing = {
  readonly joins: Joins
  /** From a name in the subgraph's answer to the key that it stands for. */
  readonly renames: Map<string, string>
}

type At = { readonly graph: Graph; readonly type: string }

/** The selection as the subgraph is sent it. */
export function textOf(printing: Printing, selected: Selected, at: At): string {
  const looks = new Map<string, string>()
  const parts = [
    ...fieldsText(printing, selected, { ...at, looks }),
    ...[...selected.on]
      .filter(([, part]) => !isEmpty(part))
      .map(([type, part]) => `...on ${type}${onText(printing, part, { ...at, type, looks })}`),
  ]
  return `{${parts.length > 0 ? parts.join(' ') : '__typename'}}`
}

export const isEmpty = ({ fields, on }: Selected): boolean =>
  fields.size === 0 && [...on.values()].every(isEmpty)

/** How the fields under each key look, in all fragments that stand beside each other. */
type Beside = At & { readonly looks: Map<string, string> }

const onText = (printing: Printing, part: Selected, beside: Beside): string => {
  const inner = [...part.on].filter(([, one]) => !isEmpty(one))
  const texts = [
    ...fieldsText(printing, part, beside),
    ...inner.map(([type, one]) => `...on ${type}${onText(printing, one, { ...beside, type })}`),
  ]
  return `{${texts.join(' ')}}`
}

const fieldsText = (printing: Printing, { fields }: Selected, beside: Beside): string[] =>
  [...fields.values()].map((field) => fieldText(printing, field, beside))

function fieldText(printing: Printing, field: SelectedField, beside: Beside): string {
  const { name, args, sub } = field
  const type = printing.joins.get(beside.type)?.fields.get(name)?.graphs.get(beside.graph)?.type
  const alias = aliasFor(printing, field, beside)
  const given = args.length > 0 ? `(${args.map((one) => print(one)).join(' ')})` : ''
  const at = { graph: beside.graph, type: type ? namedTypeOf(type) : '' }
  const below = sub ? textOf(printing, sub, at) : ''
  return `${alias === name ? '' : `${alias}:`}${name}${given}${below}`
}

/**
 * A subgraph refuses one name for fields of different types, even on types that no object has at
 * the same time. Source: GraphQL, September 2025, 5.3.2.
 */
function aliasFor({ joins, renames }: Printing, { name, key }: SelectedField, beside: Beside) {
  const { graph, looks } = beside
  const type = joins.get(beside.type)?.fields.get(name)?.graphs.get(graph)?.type
  if (!type) return key
  const look = lookOf(joins, type)
  const known = looks.get(key)
  if (known === undefined) looks.set(key, look)
  if (known === undefined || known === look) return key
  const alias = freeName(joins, `${key}_${renames.size}`)
  renames.set(alias, key)
  return alias
}

const freeName = (joins: Joins, name: string): string =>
  [...joins.values()].some(({ fields }) => fields.has(name)) ? freeName(joins, `${name}_`) : name
