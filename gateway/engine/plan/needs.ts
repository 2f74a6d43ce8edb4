import { namedTypeOf } from '#kit/document/named-type'
import type { Ask } from './ask.ts'
import type { Need } from './fetch.ts'
import type { Joins } from './joins.ts'

type Part = { readonly type: string; readonly isKey: boolean }

/** What a representation is built of. */
export const needsOf = (joins: Joins, asks: readonly Ask[], { type, isKey }: Part): Need[] =>
  asks.flatMap((ask): Need[] => {
    if (ask.kind === 'on')
      return [
        {
          kind: 'on',
          type: ask.type,
          types: [...new Set([...(joins.get(ask.type)?.members.values() ?? [])].flat())],
          sub: needsOf(joins, ask.sub, { type: ask.type, isKey }),
        },
      ]
    if (ask.name === '__typename') return []
    const field = joins.get(type)?.fields.get(ask.name)
    const named = field ? namedTypeOf(field.type) : ''
    return [
      {
        kind: 'field',
        ...{ name: ask.name, key: ask.key, isKey },
        sub: ask.sub && needsOf(joins, ask.sub, { type: named, isKey }),
        abstract: joins.get(named)?.isAbstract ? named : null,
      },
    ]
  })

const isSame = (one: Need, other: Need): boolean =>
  one.kind === 'on'
    ? other.kind === 'on' && one.type === other.type
    : other.kind === 'field' && one.name === other.name

/** False when a field would stand for two values: it was asked for with different arguments. */
export const isCompatible = (needs: readonly Need[], others: readonly Need[]): boolean =>
  others.every((other) => {
    const one = needs.find((need) => isSame(need, other))
    if (!one) return true
    if (one.kind === 'field' && other.kind === 'field' && one.key !== other.key) return false
    return isCompatible(one.sub ?? [], other.sub ?? [])
  })

/** Adds what is not there yet. A key stays one, whatever else the field is needed for. */
export function addNeeds(needs: Need[], others: readonly Need[]): void {
  for (const other of others) {
    const at = needs.findIndex((need) => isSame(need, other))
    const one = needs[at]
    if (one) needs[at] = together(one, other)
    else needs.push(other)
  }
}

function together(one: Need, other: Need): Need {
  const sub = [...(one.sub ?? [])]
  addNeeds(sub, other.sub ?? [])
  if (one.kind === 'on') return { ...one, sub }
  const isKey = one.isKey || (other.kind === 'field' && other.isKey)
  return { ...one, isKey, sub: one.sub && sub }
}
