import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
  print,
} from 'graphql'
import type { Exchange } from '../../exchange.ts'
import type { Source } from '../engine.ts'
import { inClientWords } from '../errors.ts'
import type { Supergraph } from '../supergraph/index.ts'
import { answerFrom, type ErrorPolicy } from '../transport/answer.ts'
import type { Transport } from '../transport/transport.ts'
import { locateErrors } from './locate-errors.ts'

/**
 * What every resolver of the stitched schema gets. One object a request, and one an event: batching
 * and its memory look at the identity.
 */
export type StitchedContext = {
  readonly exchange: Exchange
  /** While a subscription opens: takes the events, as the subgraph's own JSON. */
  readonly opened?: (source: Source) => unknown
  /** While one event is answered: what the subgraph said, in the place of asking it. */
  readonly event?: StitchedEvent
}

type StitchedEvent = {
  readonly text: string
  /** What the subgraph was asked when the stream was opened. */
  readonly asked: string
  /** Becomes true when it would have been asked for something else. */
  isOther: boolean
}

/**
 * The client's schema, with resolvers that ask the subgraphs. Throws for a subgraph without a
 * transport.
 */
export function stitchedSchemaOf(
  { document, subgraphNames }: Supergraph,
  transports: ReadonlyMap<string, Transport>,
  policy: ErrorPolicy,
): GraphQLSchema {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: document,
    batch: true,
    onSubschemaConfig: (config) => {
      const name = subgraphNames.get(config.name) ?? config.name
      const transport = transports.get(name)
      if (!transport) throw new Error(`There is no transport to subgraph ${name}.`)
      // The library's type promises any shape its caller names; a text from a subgraph cannot.
      config.executor = executorOver(transport, policy) as typeof config.executor
    },
  })
  answerEvents(schema)
  locateErrors(schema)
  return schema
}

/**
 * Stitching would answer all events of a subscription in the context that it was opened in, with
 * what it then remembers of entities. Here each event is an execution of its own, whose root field
 * goes the way of a query's.
 */
function answerEvents(schema: GraphQLSchema): void {
  const fields = schema.getSubscriptionType()?.getFields() ?? {}
  for (const field of Object.values(fields)) if (field.subscribe) field.resolve = field.subscribe
}

type SubschemaRequest = {
  readonly document: DocumentNode
  readonly variables?: Record<string, unknown>
  readonly operationName?: string | undefined
  readonly context?: StitchedContext | undefined
}

const executorOver =
  (transport: Transport, policy: ErrorPolicy) =>
  async ({ document, variables = {}, operationName, context }: SubschemaRequest) => {
    if (!context) throw new Error('A subgraph is asked only on behalf of a request.')
    const text = await textFrom(transport, { document, variables, operationName }, context)
    if (text === null) return nothingYet()
    const answer = answerFrom(text, policy)
    const { data } = answer
    const errors = answer.errors.map((error) => inClientWords(error, document))
    // Batching gives an error with a path to one part of a merged request; without data it concerns
    // each part.
    return { data, errors: data || !isMerged(document) ? errors : errors.map(withoutPath) }
  }

/** Null when a subscription has opened: its events go to whoever opened it. */
async function textFrom(
  transport: Transport,
  { document, variables = {}, operationName = '' }: SubschemaRequest,
  { exchange, opened, event }: StitchedContext,
): Promise<string | null> {
  const isStream = kindOf(document) === OperationTypeNode.SUBSCRIPTION
  const query = print(document)
  const body = JSON.stringify({ query, variables, ...(operationName && { operationName }) })
  if (isStream && event !== undefined) {
    if (event.asked !== body) event.isOther = true
    return event.text
  }
  const answer = await transport({ body, kind: kindOf(document) }, exchange)
  if (typeof answer === 'string') return answer
  if (!isStream || !opened) throw new Error('A stream came where one answer was asked for.')
  opened({ asked: body, events: answer })
  return null
}

const kindOf = (document: DocumentNode): OperationTypeNode =>
  getOperationAST(document)?.operation ?? OperationTypeNode.QUERY

/** What stitching takes for the stream: that there is one is all it has to know. */
async function* nothingYet(): AsyncGenerator<never, void> {}

const isMerged = ({ definitions }: DocumentNode) =>
  definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.selectionSet.selections.length > 1,
  )

const withoutPath = ({ message, originalError, extensions }: GraphQLError) =>
  new GraphQLError(message, { originalError: originalError ?? null, extensions })
