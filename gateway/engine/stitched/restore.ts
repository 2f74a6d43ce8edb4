import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { unauthorized } from '../errors.ts'
import type { Edits, Placeholder } from './edits.ts'

type Path = readonly (string | number)[]
type Json = Record<string, unknown>

/** Stands for a null that its position may not hold: the object around it becomes null instead. */
const unholdable = Symbol('unholdable')

/**
 * The answer as the client asked for it: fields under their own names, null where one was denied,
 * bubbling up to where null is allowed, and one error a path. What does not lead to a placeholder
 * is handed on untouched.
 */
export function restored(
  schema: GraphQLSchema,
  result: ExecutionResult,
  edits: Edits,
): ExecutionResult {
  if (!result.data) return result
  const errors: GraphQLError[] = []
  const data = objectAt(result.data, edits, [])
  if (errors.length === 0) return { ...result, data }
  return { ...result, data, errors: [...(result.errors ?? []), ...errors] }

  function objectAt(object: Json, edits: Edits, path: Path): Json | null {
    const answer: Json = Object.create(null)
    for (const [key, value] of Object.entries(object)) {
      const placeholder = edits.here.get(key)
      if (placeholder?.kind === 'padding') continue
      const name = placeholder?.responseName ?? key
      // The field may stand here twice: once denied, or renamed, and once not. What may be seen is
      // seen.
      if (name in answer || (name !== key && Object.hasOwn(object, name))) continue
      answer[name] =
        placeholder?.kind === 'denied'
          ? deniedAt([...path, name], String(value), placeholder)
          : branchAt(value, edits.below.get(key), [...path, name])
    }
    return Object.values(answer).includes(unholdable) ? null : answer
  }

  function deniedAt(path: Path, typeName: string, { field }: Denied): null | symbol {
    errors.push(unauthorized(path))
    return mayBeNull(schema, typeName, field) ? null : unholdable
  }

  function branchAt(value: unknown, branch: Branch | undefined, path: Path): unknown {
    if (!branch || value === null || value === undefined) return value
    const { type, edits } = branch
    if (isNonNullType(type))
      return branchAt(value, { type: type.ofType, edits }, path) ?? unholdable
    if (!isListType(type)) return isJson(value) ? objectAt(value, edits, path) : value
    if (!Array.isArray(value)) return value
    const items = value.map((item: unknown, index) =>
      branchAt(item, { type: type.ofType, edits }, [...path, index]),
    )
    return items.includes(unholdable) ? null : items
  }
}

type Denied = Extract<Placeholder, { kind: 'denied' }>
type Branch = { readonly type: GraphQLOutputType; readonly edits: Edits }

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

/**
 * The object's own type decides: it may promise more than the interface through which the field was
 * asked.
 */
function mayBeNull(schema: GraphQLSchema, typeName: string, field: string): boolean {
  const type = schema.getType(typeName)
  return !(isObjectType(type) && isNonNullType(type.getFields()[field]?.type))
}
