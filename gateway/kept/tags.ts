import type { ExecutionResult } from 'graphql'
import { parseGlobalId } from '#kit/id'
import type { Reads } from '../reads.ts'

/** Every list of a type, and what has one of it without saying which. */
export const tagOfType = (type: string): string => `type ${type}`

/** Whatever reads a field, as `Type.field`. */
export const tagOfField = (field: string): string => `field ${field}`

/** What is kept for one person alone. */
export const tagOfPerson = (id: string): string => `person ${id}`

/** One entity: a global id says itself what it is of. */
export const tagOfEntity = (globalId: string): string => globalId

/** An answer that tells of more than so many entities has no tags: it would be held by its names. */
const idsMax = 2_000

type Answer = {
  readonly reads: Pick<Reads, 'fields' | 'types' | 'rootTypes'>
  readonly data: NonNullable<ExecutionResult['data']>
  /** Fields that events name. */
  readonly followed: ReadonlySet<string>
}

/** What an answer tells of; null for one that tells of too much. */
export function tagsOf({ reads, data, followed }: Answer): string[] | null {
  const ids = idsIn(data)
  if (ids.size > idsMax) return null
  const types = new Set(reads.types)
  // What is not there may come to be.
  if (Object.values(data).some((value) => value === null))
    for (const type of reads.rootTypes) types.add(type)
  const named = [...ids].filter((id) => !types.has(parseGlobalId(id)?.type ?? ''))
  return [
    ...[...types].map(tagOfType),
    ...[...reads.fields].filter((field) => followed.has(field)).map(tagOfField),
    ...named.map(tagOfEntity),
  ]
}

/** Every `id` in what was answered, each once. */
export function idsIn(data: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(data)) for (const one of data) idsIn(one, found)
  else if (typeof data === 'object' && data !== null)
    for (const [key, value] of Object.entries(data)) {
      if (key === 'id' && typeof value === 'string') found.add(value)
      else if (typeof value === 'object') idsIn(value, found)
    }
  return found
}

/** What a change of these entities ends: each by itself, and whatever lists their types. */
export const tagsOfChanged = (ids: Iterable<string>): string[] =>
  [...ids].flatMap((id) => {
    const type = parseGlobalId(id)?.type
    return type ? [tagOfEntity(id), tagOfType(type)] : [tagOfEntity(id)]
  })
