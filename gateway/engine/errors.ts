import { type DocumentNode, GraphQLError, Kind, visit } from 'graphql'
import type { ErrorCode } from '#schema/errors'

type Path = readonly (string | number)[]

const aboutVariable = /^Variable "\$(\w+)" (.*)$/s

/**
 * An engine hands arguments on in variables of its own: `$_v0_input` says nothing to a client, and
 * tells how the plan is made. What a subgraph says of one is said of the argument that it fills.
 */
export function inClientWords(error: GraphQLError, document: DocumentNode): GraphQLError {
  const [, variable, rest] = aboutVariable.exec(error.message) ?? []
  if (variable === undefined || rest === undefined) return error
  const argument = argumentsByVariable(document).get(variable)
  // Further down the name stands again: `got invalid value 1 at "_v0_input.from"; …`.
  const said = rest.replaceAll(` at "${variable}`, ` at "${argument ?? ''}`)
  const { path, originalError, extensions } = error
  return new GraphQLError(`${argument ? `Argument "${argument}"` : 'An argument'} ${said}`, {
    path: path ?? null,
    originalError: originalError ?? null,
    extensions,
  })
}

function argumentsByVariable(document: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  visit(document, {
    [Kind.ARGUMENT]: ({ name, value }) => {
      visit(value, {
        [Kind.VARIABLE]: (variable) => {
          names.set(variable.name.value, name.value)
        },
      })
    },
  })
  return names
}

const code: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE'

export const unauthorized = (path: Path) =>
  new GraphQLError('Unauthorized field or type', { path, extensions: { code } })

/** The same error, at the place that the client knows. */
export const errorAt = (error: GraphQLError, path: Path): GraphQLError =>
  new GraphQLError(error.message, {
    ...(path.length > 0 && { path }),
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  })

/** One error for a message and a path. */
export function uniqueErrors(errors: readonly GraphQLError[]): GraphQLError[] {
  const known = new Map<string, GraphQLError>()
  for (const error of errors) {
    const id = JSON.stringify([error.message, error.path])
    if (!known.has(id)) known.set(id, error)
  }
  return [...known.values()]
}
