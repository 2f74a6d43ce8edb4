import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql'

function objectsOf(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type)
  if (isAbstractType(named)) return schema.getPossibleTypes(named)
  return isObjectType(named) ? [named] : []
}

/** Every type that a way leads to on which no field has a rule. */
export async function reachedPast(guarded: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const sdl = await readFile(join(import.meta.dir, '../../../schema/api.graphql'), 'utf8')
  const schema = buildSchema(sdl, { assumeValidSDL: true })
  const reached = new Set<string>()
  const walk = (type: GraphQLObjectType) => {
    if (reached.has(type.name)) return
    reached.add(type.name)
    Object.values(type.getFields())
      .filter(({ name }) => !guarded.has(`${type.name}.${name}`))
      .flatMap((field) => objectsOf(schema, field.type))
      .forEach(walk)
  }
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  roots.filter((root) => root !== null && root !== undefined).forEach(walk)
  return reached
}
