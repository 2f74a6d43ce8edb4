import { GraphQLError } from 'graphql'
import type { Answer } from '../transport/answer.ts'

type Renames = ReadonlyMap<string, string>

/** The answer under the keys of the plan, where a subgraph had to be asked under other names. */
export function underKeys({ data, errors }: Answer, renames: Renames): Answer {
  rename(data, renames)
  return { data, errors: errors.map((error) => located(error, renames)) }
}

function rename(value: unknown, renames: Renames): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    rename(inner, renames)
    const key = renames.get(name)
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
