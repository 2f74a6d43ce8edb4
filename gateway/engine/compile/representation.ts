import { isWritable } from '../json-depth.ts'
import type { Need } from '../plan/fetch.ts'
import { isBranch, type Tree } from '../tree.ts'

/** What a subgraph is told of an object, as JSON; null when what it needs is not there. */
export type Represent = (object: Tree) => string | null

export type Representation = {
  readonly represent: Represent
  /**
   * The fields that all of it is made of, a key first: cheaper to compare than texts. Null when
   * something below them is told as well.
   */
  readonly fields: readonly string[] | null
}

export function representationOf(type: string, needs: readonly Need[]): Representation {
  const head = `"__typename":${JSON.stringify(type)}`
  const write = membersOf(needs)
  const keys = needs.flatMap((need) => (need.kind === 'field' && need.isKey ? [need.key] : []))
  return {
    represent: (object) => {
      // Nothing would tell such an object from another one.
      if (keys.length > 0 && keys.every((key) => object[key] === null)) return null
      const members = write(object)
      if (members === null) return null
      return members === '' ? `{${head}}` : `{${head},${members}}`
    },
    fields: fieldsOf(needs),
  }
}

function fieldsOf(needs: readonly Need[]): readonly string[] | null {
  const flat = needs.flatMap((need) => (need.kind === 'field' && !need.sub ? [need] : []))
  if (flat.length === 0 || flat.length < needs.length) return null
  const keys = flat.filter(({ isKey }) => isKey)
  return [...keys, ...flat.filter(({ isKey }) => !isKey)].map(({ key }) => key)
}

/** The members of a JSON object without its braces; null when one of them is missing. */
type Members = (object: Tree) => string | null

function membersOf(needs: readonly Need[]): Members {
  const writers = needs.map(memberOf)
  return (object) => {
    const texts: string[] = []
    for (const write of writers) {
      const text = write(object)
      if (text === null) return null
      if (text !== '') texts.push(text)
    }
    return texts.join(',')
  }
}

function memberOf(need: Need): Members {
  if (need.kind === 'on') {
    const members = membersOf(need.sub)
    const types = new Set<unknown>(need.types)
    return (object) => (types.has(object.__typename) ? members(object) : '')
  }
  const { key } = need
  const name = `${JSON.stringify(need.name)}:`
  const write = textOf(need)
  const isInherited = key in Object.prototype
  return (object) => {
    const value = isInherited && !Object.hasOwn(object, key) ? undefined : object[key]
    // A field that its subgraph could not answer is no null.
    if (value === undefined) return null
    const text = write(value)
    return text === null ? null : name + text
  }
}

function textOf({ sub, abstract }: Extract<Need, { kind: 'field' }>) {
  if (!sub) return leafText
  const members = membersOf(sub)
  const write = (value: unknown): string | null => {
    if (value === null) return 'null'
    if (Array.isArray(value)) {
      const items = value.map(write)
      return items.includes(null) ? null : `[${items.join(',')}]`
    }
    if (!isBranch(value)) return null
    const text = members(value)
    if (text === null) return null
    const type = abstract ? [`"__typename":${JSON.stringify(value.__typename ?? abstract)}`] : []
    return `{${[...type, ...(text === '' ? [] : [text])].join(',')}}`
  }
  return write
}

const leafText = (value: unknown): string | null =>
  isWritable(value) ? JSON.stringify(value) : null
