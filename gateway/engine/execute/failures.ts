import type { GraphQLError } from 'graphql'

/** What a subgraph said went wrong with a value of the merged answers. */
export type Failure = {
  readonly error: GraphQLError
  /** From the value on downwards, to where it happened. */
  readonly below: readonly (string | number)[]
}

type Owner = object
type Key = string | number

/** Errors by the object that they concern: its place in the client's answer is known only later. */
export type Failures = {
  readonly isEmpty: () => boolean
  /** The error at a path below an object. */
  add(owner: Owner, path: readonly Key[], error: GraphQLError): void
  /** The error that made all of an object fail that is not there. */
  addWhole(owner: Owner, error: GraphQLError): void
  /** What is missing in the object has its reason at another place. */
  excuse(owner: Owner): void
  isExcused(owner: Owner): boolean
  /** The errors of one value. */
  at(owner: Owner, key: Key): readonly Failure[]
  /** The errors of whatever is missing in an object. */
  whole(owner: Owner): readonly GraphQLError[]
  /** Every value of an object that has errors. */
  keysOf(owner: Owner): readonly Key[]
  /** An error that belongs to no value. */
  addLoose(error: GraphQLError): void
  /** Every error, whether it has been asked for or not. */
  all(): readonly GraphQLError[]
}

const isObject = (value: unknown): value is Record<Key, unknown> =>
  typeof value === 'object' && value !== null

export function createFailures(): Failures {
  const byOwner = new Map<Owner, Map<Key, Failure[]>>()
  const wholes = new Map<Owner, GraphQLError[]>()
  const every = new Set<GraphQLError>()
  const excused = new Set<Owner>()
  const record = (owner: Owner, key: Key, failure: Failure) => {
    const keys = byOwner.get(owner) ?? new Map<Key, Failure[]>()
    byOwner.set(owner, keys)
    push(keys, key, failure)
  }
  const addWhole = (owner: Owner, error: GraphQLError) => {
    every.add(error)
    push(wholes, owner, error)
  }
  return {
    isEmpty: () => every.size === 0,
    add: (owner, path, error) => {
      every.add(error)
      let at: Owner = owner
      for (const [index, key] of path.entries()) {
        const next: unknown = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
        if (!isObject(next) || index === path.length - 1)
          return record(at, key, { error, below: path.slice(index + 1) })
        at = next
      }
      addWhole(owner, error)
    },
    addWhole,
    excuse: (owner) => void excused.add(owner),
    isExcused: (owner) => excused.has(owner),
    at: (owner, key) => byOwner.get(owner)?.get(key) ?? [],
    whole: (owner) => wholes.get(owner) ?? [],
    keysOf: (owner) => [...(byOwner.get(owner)?.keys() ?? [])],
    addLoose: (error) => void every.add(error),
    all: () => [...every],
  }
}

/** In place: a subgraph may tell thousands of errors of one value. */
function push<Of, One>(lists: Map<Of, One[]>, of: Of, one: One): void {
  const known = lists.get(of)
  if (known) known.push(one)
  else lists.set(of, [one])
}
