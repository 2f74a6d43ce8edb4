import { printSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLSchema } from 'graphql'

/** The subgraph's SDL as composition reads it. */
export const sdlOf = (schema: GraphQLSchema) => `${printSubgraphSchema(schema).trim()}\n`
