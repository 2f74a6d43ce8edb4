import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { ErrorCode } from '#schema/errors'
import type { Denials, DeniedField } from './denials.ts'

type Path = readonly (string | number)[]
type Json = Record<string, unknown>

/** Stands for a null that its position may not hold: the object around it becomes null instead. */
const unholdable = Symbol('unholdable')

/**
 * The answer as the client asked for it: null where a field was denied, bubbling up to where null is allowed,
 * and one error a path. What is not on the way to a denied field is handed on untouched.
 */
export function restoreDenied(
  schema: GraphQLSchema,
  result: ExecutionResult,
  denials: Denials,
): ExecutionResult {
  if (!result.data) return result
  const errors: GraphQLError[] = []
  const data = objectAt(result.data, denials, [])
  return errors.length === 0
    ? { ...result, data }
    : { ...result, data, errors: [...(result.errors ?? []), ...errors] }

  function objectAt(object: Json, { denied, below }: Denials, path: Path): Json | null {
    const answer: Json = Object.create(null)
    let isWhole = true
    for (const [key, value] of Object.entries(object)) {
      const taken = denied.get(key)
      const branch = below.get(key)
      if (taken) {
        // The field may stand beside it under a condition that permits it (its value is theirs to see), or be denied twice.
        if (Object.hasOwn(object, taken.responseName) || taken.responseName in answer) continue
        errors.push(unauthorized([...path, taken.responseName]))
        answer[taken.responseName] = null
        isWhole &&= mayBeNull(schema, String(value), taken)
        continue
      }
      const restored = branch ? valueAt(value, branch, [...path, key]) : value
      answer[key] = restored
      isWhole &&= restored !== unholdable
    }
    return isWhole ? answer : null
  }

  function valueAt(
    value: unknown,
    { type, denials }: { type: GraphQLOutputType; denials: Denials },
    path: Path,
  ): unknown {
    if (value === null || value === undefined) return value
    if (isNonNullType(type))
      return valueAt(value, { type: type.ofType, denials }, path) ?? unholdable
    if (!isListType(type)) return isJson(value) ? objectAt(value, denials, path) : value
    if (!Array.isArray(value)) return value
    const items = value.map((item: unknown, index) =>
      valueAt(item, { type: type.ofType, denials }, [...path, index]),
    )
    return items.includes(unholdable) ? null : items
  }
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null

const code: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE'

export const unauthorized = (path: Path) =>
  new GraphQLError('Unauthorized field or type', { path, extensions: { code } })

/** The object's own type decides: it may promise more than the interface through which the field was asked. */
function mayBeNull(schema: GraphQLSchema, typeName: string, { field }: DeniedField): boolean {
  const type = schema.getType(typeName)
  return !(isObjectType(type) && isNonNullType(type.getFields()[field]?.type))
}
