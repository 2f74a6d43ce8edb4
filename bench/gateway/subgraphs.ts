import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLSchema, graphql, parse } from 'graphql'
import { rows } from './data.ts'
import { type SubgraphName, schemaTextOf, subgraphNames } from './graph.ts'
import { dataIn, type Naming } from './naming.ts'

type Row = Readonly<Record<string, unknown>>
type Table = Readonly<Record<string, readonly Row[]>>

/** Answers one subgraph request, as text for text. */
export type Subgraph = (body: string) => Promise<string> | string

/**
 * Subgraphs that cost next to nothing: a request seen before is answered from memory, by its text.
 */
export const subgraphsOf = (naming: Naming): ReadonlyMap<SubgraphName, Subgraph> =>
  new Map(
    subgraphNames.map((name) => [name, remembering(schemaOf(name, naming), rootOf(name, naming))]),
  )

const answersMax = 10_000

function remembering(schema: GraphQLSchema, rootValue: unknown): Subgraph {
  const answers = new Map<string, string>()
  return (body) => {
    const known = answers.get(body)
    if (known !== undefined) return known
    const { query, variables } = JSON.parse(body)
    return graphql({ schema, rootValue, source: query, variableValues: variables }).then(
      (answer) => {
        const text = JSON.stringify(answer)
        if (answers.size < answersMax) answers.set(body, text)
        return text
      },
    )
  }
}

const rootOf = (name: SubgraphName, naming: Naming) => dataIn(naming, rows[name].root)

function schemaOf(name: SubgraphName, naming: Naming): GraphQLSchema {
  const tables: Table = rows[name].entities
  const entityOf = (type: string, key: Row): unknown =>
    dataIn(naming, rowOf(tables, type, key, naming))
  const resolvers = Object.fromEntries(
    Object.keys(tables).map((type) => [
      naming.of(type),
      {
        __resolveReference: (key: Row) => entityOf(type, key),
        ...(type === 'Review' ? linksOf(naming, entityOf) : {}),
      },
    ]),
  )
  return buildSubgraphSchema({ typeDefs: parse(schemaTextOf(name, naming)), resolvers })
}

/** The row whose first column, its key, is the same. */
function rowOf(tables: Table, type: string, key: Row, naming: Naming): Row | null {
  const row = tables[type]?.find((candidate) => {
    const [column = '', value] = Object.entries(candidate)[0] ?? []
    return key[naming.of(column)] === value
  })
  return row ?? null
}

/** What a review refers to stands in it as a key only. */
function linksOf(naming: Naming, entityOf: (type: string, key: Row) => unknown) {
  const product = naming.of('product')
  const author = naming.of('author')
  return {
    [product]: (review: Record<string, Row>) => entityOf('Product', review[product] ?? {}),
    [author]: (review: Record<string, Row>) => ({
      ...(entityOf('User', review[author] ?? {}) as object),
      ...review[author],
    }),
  }
}
