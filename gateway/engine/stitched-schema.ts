import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, print } from 'graphql'
import type { Exchange } from '../exchange.ts'
import { answerFrom } from './answer.ts'
import { inClientWords } from './client-words.ts'
import { locateErrors } from './locate-errors.ts'
import type { Supergraph } from './supergraph.ts'
import type { Transport } from './transport.ts'

/**
 * What every resolver of the stitched schema gets. One object a request: batching looks at its
 * identity.
 */
export type StitchedContext = { readonly exchange: Exchange }

/**
 * The client's schema, with resolvers that ask the subgraphs. Throws for a subgraph without a
 * transport.
 */
export function stitchedSchemaOf(
  { document, subgraphNames }: Supergraph,
  transports: ReadonlyMap<string, Transport>,
): GraphQLSchema {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: document,
    batch: true,
    onSubschemaConfig: (config) => {
      const name = subgraphNames.get(config.name) ?? config.name
      const transport = transports.get(name)
      if (!transport) throw new Error(`There is no transport to subgraph ${name}.`)
      // The library's type promises any shape its caller names; a text from a subgraph cannot.
      config.executor = executorOver(transport) as typeof config.executor
    },
  })
  locateErrors(schema)
  return schema
}

type SubschemaRequest = {
  readonly document: DocumentNode
  readonly variables?: Record<string, unknown>
  readonly operationName?: string | undefined
  readonly context?: StitchedContext | undefined
}

const executorOver =
  (transport: Transport) =>
  async ({ document, variables = {}, operationName, context }: SubschemaRequest) => {
    if (!context) throw new Error('A subgraph is asked only on behalf of a request.')
    const request = { document: print(document), variables, operationName: operationName ?? null }
    const answer = answerFrom(await transport(request, context.exchange))
    const { data } = answer
    const errors = answer.errors.map((error) => inClientWords(error, document))
    // Batching gives an error with a path to one part of a merged request; without data it concerns
    // each part.
    return { data, errors: data || !isMerged(document) ? errors : errors.map(withoutPath) }
  }

const isMerged = ({ definitions }: DocumentNode) =>
  definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.selectionSet.selections.length > 1,
  )

const withoutPath = ({ message, originalError, extensions }: GraphQLError) =>
  new GraphQLError(message, { originalError: originalError ?? null, extensions })
