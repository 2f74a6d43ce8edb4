import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql'
import { AppError } from '#kit/errors'
import { startDeadline } from '../../deadline.ts'
import type { OperationRequest, Prepared } from '../engine.ts'
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
  readonly execute: Prepared['execute']
}

/** Opens a subscription once, and answers each of its events as an operation of its own. */
export function subscriberOf(deps: SubscriptionDeps): Prepared['subscribe'] {
  const { schema, document, execute } = deps
  // Nothing to subscribe to is left: what authorization says of it is the whole answer.
  if (!asksForField(document)) return execute
  return async (request) => {
    const { variables, exchange } = request
    const streams: AsyncIterable<string>[] = []
    const contextValue: StitchedContext = { exchange, opened: (stream) => streams.push(stream) }
    const opened = await createSourceEventStream({
      ...{ schema, document, contextValue },
      variableValues: variables,
    })
    if ('errors' in opened) return forClient(opened)
    const [events] = streams
    if (!events) throw new Error('A subscription opened without a stream.')
    return answersTo(events, request, deps)
  }
}

/** `exchange.signal` ends it: no event is answered for a client who has gone. */
async function* answersTo(
  events: AsyncIterable<string>,
  { variables, exchange }: OperationRequest,
  { eventMs, answer }: SubscriptionDeps,
): AsyncGenerator<ExecutionResult, void> {
  for await (const event of events) {
    const { signal, clear } = startDeadline(exchange.signal, eventMs)
    const result = await answer(variables, { exchange: { ...exchange, signal }, event }).finally(
      clear,
    )
    yield result
  }
}

/** False when authorization took the root field out. */
function asksForField(document: DocumentNode): boolean {
  const roots = document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .flatMap((node) => leavesOf(document, node.selectionSet.selections))
  return roots.some((node) => node.kind === Kind.FIELD && node.name.value !== '__typename')
}

/** What stands at the root, with everything that leads there. */
function leavesOf(document: DocumentNode, nodes: readonly SelectionNode[]): SelectionNode[] {
  return nodes.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node]
    const set =
      node.kind === Kind.INLINE_FRAGMENT
        ? node.selectionSet
        : fragmentIn(document, node.name.value)?.selectionSet
    return [node, ...leavesOf(document, set?.selections ?? [])]
  })
}

const fragmentIn = ({ definitions }: DocumentNode, name: string) =>
  definitions
    .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
    .find((node) => node.name.value === name)

/**
 * Throws GRAPHQL_VALIDATION_FAILED for a subscription whose only field may be left out: there would
 * be nothing to subscribe to. Source: GraphQL, September 2025, 5.2.4.1.
 */
export function requireRootField(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): void {
  if (operation !== OperationTypeNode.SUBSCRIPTION) return
  const isConditional = leavesOf(document, selectionSet.selections).some((node) =>
    node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include'),
  )
  if (isConditional)
    throw new AppError(
      'GRAPHQL_VALIDATION_FAILED',
      'The field of a subscription may not be skipped or included.',
    )
}
