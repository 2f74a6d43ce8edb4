import { z } from 'zod'
import { isRecord, type Json, type JsonRecord } from './json.ts'

const Value: z.ZodType<Json> = z.json()
const Operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal(['add', 'replace', 'test']), path: z.string(), value: Value }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
  z.strictObject({ op: z.literal(['move', 'copy']), from: z.string(), path: z.string() }),
])
type Operation = z.output<typeof Operation>

const Operations = z.array(Operation).min(1)

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function stepInto(value: Json, part: string, pointer: string): Json {
  const inner = Array.isArray(value)
    ? value[Number(part)]
    : isRecord(value)
      ? value[part]
      : undefined
  if (inner === undefined) throw new Error(`nothing stands at ${pointer}`)
  return inner
}

const read = (root: Json, pointer: string): Json =>
  partsOf(pointer).reduce((value, part) => stepInto(value, part, pointer), root)

function place(root: Json, pointer: string): { parent: Json; last: string } {
  const parts = partsOf(pointer)
  const last = parts.pop() ?? ''
  return { parent: parts.reduce((value, part) => stepInto(value, part, pointer), root), last }
}

function add(root: Json, pointer: string, value: Json): void {
  const { parent, last } = place(root, pointer)
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : Number(last), 0, value)
  else if (isRecord(parent)) parent[last] = value
  else throw new Error(`nothing can be added at ${pointer}`)
}

function remove(root: Json, pointer: string): void {
  read(root, pointer)
  const { parent, last } = place(root, pointer)
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (isRecord(parent)) delete parent[last]
}

function replace(root: Json, pointer: string, value: Json): void {
  read(root, pointer)
  const { parent, last } = place(root, pointer)
  if (Array.isArray(parent)) parent[Number(last)] = value
  else if (isRecord(parent)) parent[last] = value
}

function move(root: Json, from: string, path: string): void {
  const value = read(root, from)
  remove(root, from)
  add(root, path, value)
}

function test(root: Json, pointer: string, value: Json): void {
  if (!Bun.deepEquals(read(root, pointer), value))
    throw new Error(`another value stands at ${pointer}`)
}

const changes = { add, replace, test }

function apply(root: JsonRecord, operation: Operation): void {
  const { path } = operation
  if ('value' in operation) changes[operation.op](root, path, structuredClone(operation.value))
  else if (operation.op === 'remove') remove(root, path)
  else if (operation.op === 'move') move(root, operation.from, path)
  else add(root, path, structuredClone(read(root, operation.from)))
}

/** The operations of a JSON patch; null when it is none. */
export function operationsFrom(value: Json): Operation[] | null {
  const parsed = Operations.safeParse(value)
  return parsed.success ? parsed.data : null
}

/** RFC 6902. Throws when a place is not there. */
export function patched(value: JsonRecord, operations: readonly Operation[]): JsonRecord {
  const result = structuredClone(value)
  for (const operation of operations) apply(result, operation)
  return result
}
