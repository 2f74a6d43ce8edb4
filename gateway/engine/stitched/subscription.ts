import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import { startDeadline } from '../../deadline.ts'
import type { OperationRequest, Source, Stream } from '../engine.ts'
import { asksForField } from '../prepare/root-field.ts'
import type { StitchedContext } from './schema.ts'
import { forClient } from './told.ts'

type Variables = OperationRequest['variables']

/** Answers an operation, as the client asked for it. */
export type Answerer = (variables: Variables, context: StitchedContext) => Promise<ExecutionResult>

type SubscriptionDeps = {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly eventMs: number
  readonly answer: Answerer
}

/**
 * A subscription is opened once, and each of its events is answered as an operation of its own.
 * Undefined when nothing to subscribe to is left: what authorization says of it is the whole answer.
 */
export function streamOf(deps: SubscriptionDeps): Stream | undefined {
  const { schema, document, eventMs, answer } = deps
  if (!asksForField(document)) return undefined
  return {
    open: async ({ variables, exchange }) => {
      const sources: Source[] = []
      const contextValue: StitchedContext = { exchange, opened: (source) => sources.push(source) }
      const opened = await createSourceEventStream({
        ...{ schema, document, contextValue },
        variableValues: variables,
      })
      if ('errors' in opened) return forClient(opened)
      const [source] = sources
      if (!source) throw new Error('A subscription opened without a stream.')
      return source
    },
    answer: async (text, { asked }, { variables, exchange }) => {
      const { signal, clear } = startDeadline(exchange.signal, eventMs)
      const event = { text, asked, isOther: false }
      const context = { exchange: { ...exchange, signal }, event }
      const result = await answer(variables, context).finally(clear)
      return event.isOther ? null : result
    },
  }
}
