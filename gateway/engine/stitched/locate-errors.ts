import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql'

type Path = readonly (string | number)[]

/**
 * Makes every resolver report errors at the place where it stands. Stitching names a field of a
 * batched entity without its index in the list: one error path for all of them.
 */
export function locateErrors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields()))
      field.resolve = located(field.resolve ?? defaultFieldResolver)
  }
}

type Resolver = GraphQLFieldResolver<unknown, unknown>

const located =
  (resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    const value = resolve(source, args, context, info)
    if (!(value instanceof Promise)) return at(info, value)
    return value.then(
      (settled) => at(info, settled),
      (error) => Promise.reject(at(info, error)),
    )
  }

/** Errors travel as values too, alone or as items of a list; everything else passes untouched. */
function at(info: GraphQLResolveInfo, value: unknown): unknown {
  if (value instanceof Error) return moved(value, pathOf(info), info)
  if (!Array.isArray(value) || !value.some((item) => item instanceof Error)) return value
  return value.map((item: unknown, index) =>
    item instanceof Error ? moved(item, [...pathOf(info), index], info) : item,
  )
}

function pathOf({ path }: GraphQLResolveInfo): Path {
  const keys: (string | number)[] = []
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) keys.unshift(at.key)
  return keys
}

function moved(error: Error, place: Path, info: GraphQLResolveInfo): Error {
  if (error instanceof AggregateError)
    return new AggregateError(error.errors.map((inner) => moved(inner, place, info)))
  if (!(error instanceof GraphQLError) || !error.path) return error
  return new GraphQLError(error.message, {
    nodes: info.fieldNodes,
    path: [...place, ...beyond(error.path, place)],
    originalError: error,
    extensions: error.extensions,
  })
}

/**
 * What of an error's path lies below the field; the path may lack indexes that the field's own has.
 */
function beyond(path: Path, place: Path): Path {
  let matched = 0
  for (const key of place) {
    if (path[matched] === key) matched += 1
    else if (typeof key === 'string') return []
  }
  return path.slice(matched)
}
