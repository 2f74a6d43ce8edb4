import { type ArgumentNode, print } from 'graphql'

/** Names the value of a field in the tree that the answers are merged into. */
export type KeyOf = (parent: string, field: string, args: readonly ArgumentNode[]) => string

export type Keys = {
  readonly keyOf: KeyOf
  /**
   * One of its own for a name of the client's: a mutation is run as often as it is named, and a null
   * below one name must not empty what stands under another.
   */
  readonly keyFor: (meaning: string, responseName: string) => string
}

export type KeyDeps = {
  /** Two fields of one name that a subgraph would not take beside each other differ in it. */
  readonly shapeOf: (parent: string, field: string) => string
  /** Names that keys of our own must not collide with. */
  readonly isFieldName: (name: string) => boolean
}

/**
 * One key for each meaning: the same field with the same arguments has the same key wherever it
 * stands, whatever the client calls it, so two answers about one object can never contradict each
 * other.
 */
export function createKeys({ shapeOf, isFieldName }: KeyDeps): Keys {
  const keys = new Map<string, string>()
  const taken = new Set<string>()
  let count = 0
  const fresh = (): string => {
    const key = `_${count++}`
    return isFieldName(key) ? fresh() : key
  }
  const keyFor = (meaning: string, responseName: string) => {
    const named = `${meaning}:${responseName}`
    const key = keys.get(named) ?? fresh()
    keys.set(named, key)
    return key
  }
  const keyOf: KeyOf = (parent, field, args) => {
    if (field === '__typename') return field
    const texts = args.map((argument) => print(argument)).sort()
    const meaning = `${field}(${texts.join(' ')}) ${shapeOf(parent, field)}`
    const known = keys.get(meaning)
    if (known !== undefined) return known
    const isPlain = args.length === 0 && !taken.has(field)
    const key = isPlain ? field : fresh()
    if (isPlain) taken.add(field)
    keys.set(meaning, key)
    return key
  }
  return { keyOf, keyFor }
}
