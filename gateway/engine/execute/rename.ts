import { GraphQLError } from 'graphql'
import type { Step } from '../compile/index.ts'
import type { KeyTree } from '../plan/fetch.ts'
import type { Answer } from '../transport/answer.ts'

type Renames = ReadonlyMap<string, string>

type Asked = Pick<Step, 'keys' | 'parts'>

/** The answer under the keys of the plan, where a subgraph had to be asked under other names. */
export function underKeys({ data, errors }: Answer, step: Asked, renames: Renames): Answer {
  rename(data, step.keys, renames)
  for (const { alias, keys } of step.parts) rename(data?.[alias], keys, renames)
  return { data, errors: errors.map((error) => located(error, renames)) }
}

/** What a value of a scalar holds has no keys of ours, whatever it is called. */
function rename(value: unknown, keys: KeyTree, renames: Renames): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) rename(item, keys, renames)
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    const key = renames.get(name)
    const below = keys.get(key ?? name)
    if (below) rename(inner, below, renames)
    if (key === undefined) continue
    Object.assign(value, { [key]: inner })
    Reflect.deleteProperty(value, name)
  }
}

const located = (error: GraphQLError, renames: Renames): GraphQLError =>
  error.path
    ? new GraphQLError(error.message, {
        path: error.path.map((name) => renames.get(String(name)) ?? name),
        originalError: error.originalError ?? null,
        extensions: error.extensions,
      })
    : error
