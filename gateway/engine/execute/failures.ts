import type { GraphQLError } from 'graphql'
import type { KeyTree } from '../plan/fetch.ts'

/** What a subgraph said went wrong with a value of the merged answers. */
export type Failure = {
  readonly error: GraphQLError
  /** From the value on downwards, to where it happened. */
  readonly below: readonly (string | number)[]
}

type Owner = object
type Key = string | number

/** An error at a path below an object, and what its subgraph was asked of the object. */
export type Report = {
  readonly error: GraphQLError
  readonly path: readonly Key[]
  readonly keys: KeyTree
}

/** Why all of some keys is missing that is. */
export type Reason = { readonly error: GraphQLError; readonly keys: KeyTree }

/** Errors by the object that they concern: its place in the client's answer is known only later. */
export type Failures = {
  readonly isEmpty: () => boolean
  add(owner: Owner, report: Report): void
  /** The error that made all of an object fail that is not there. */
  addWhole(owner: Owner, reason: Reason): void
  /** What is missing in the object has its reason at another place. */
  excuse(owner: Owner): void
  isExcused(owner: Owner): boolean
  /** The errors of one value. */
  at(owner: Owner, key: Key): readonly Failure[]
  /** The errors of whatever is missing in an object. */
  whole(owner: Owner): readonly GraphQLError[]
  /** Why something is missing below a value that another subgraph has told as well. */
  below(owner: Owner, key: Key): readonly Reason[]
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
  const reports: (Report & { readonly owner: Owner })[] = []
  const byOwner = new Map<Owner, Map<Key, Found[]>>()
  const wholes = new Map<Owner, Reason[]>()
  const every = new Set<GraphQLError>()
  const excused = new Set<Owner>()
  const settle = () => {
    for (const { owner, ...report } of reports.splice(0)) {
      const found = foundAt(owner, report)
      if (!found) push(wholes, owner, report)
      else push(keysOf(byOwner, found.owner), found.key, found)
    }
  }
  const at = (owner: Owner, key: Key) => {
    settle()
    return byOwner.get(owner)?.get(key) ?? []
  }
  return {
    isEmpty: () => every.size === 0,
    add: (owner, report) => {
      every.add(report.error)
      // How far its path leads is known when all subgraphs have said what there is.
      reports.push({ owner, ...report })
    },
    addWhole: (owner, reason) => {
      every.add(reason.error)
      push(wholes, owner, reason)
    },
    excuse: (owner) => void excused.add(owner),
    isExcused: (owner) => excused.has(owner),
    at,
    whole: (owner) => {
      settle()
      return (wholes.get(owner) ?? []).map(({ error }) => error)
    },
    below: (owner, key) => [
      ...at(owner, key).flatMap(({ error, below, keys }) =>
        below.length === 0 && keys ? [{ error, keys }] : [],
      ),
      ...reasonsBelow(wholes.get(owner) ?? [], key),
    ],
    keysOf: (owner) => {
      settle()
      return [...(byOwner.get(owner)?.keys() ?? [])]
    },
    addLoose: (error) => void every.add(error),
    all: () => [...every],
  }
}

/** Those of the reasons that concern something below the key. An index leads to no other keys. */
export const reasonsBelow = (reasons: readonly Reason[], key: Key): readonly Reason[] =>
  reasons.length === 0
    ? reasons
    : reasons.flatMap(({ error, keys }) => {
        const below = typeof key === 'number' ? keys : keys.get(key)
        return below ? [{ error, keys: below }] : []
      })

/** The value at which a path ends, and what was asked of it. */
type Found = Failure & { readonly owner: Owner; readonly key: Key; readonly keys: KeyTree | null }

/** Null for a path that leads nowhere beyond the object. */
function foundAt(from: Owner, { error, path, keys }: Report): Found | null {
  let owner = from
  let asked: KeyTree | null = keys
  for (const [index, key] of path.entries()) {
    if (typeof key === 'string') asked = asked?.get(key) ?? null
    const next: unknown = isObject(owner) && Object.hasOwn(owner, key) ? owner[key] : undefined
    if (!isObject(next) || index === path.length - 1)
      return { owner, key, error, below: path.slice(index + 1), keys: asked }
    owner = next
  }
  return null
}

function keysOf(byOwner: Map<Owner, Map<Key, Found[]>>, owner: Owner): Map<Key, Found[]> {
  const known = byOwner.get(owner) ?? new Map<Key, Found[]>()
  byOwner.set(owner, known)
  return known
}

/** In place: a subgraph may tell thousands of errors of one value. */
function push<Of, One>(lists: Map<Of, One[]>, of: Of, one: One): void {
  const known = lists.get(of)
  if (known) known.push(one)
  else lists.set(of, [one])
}
