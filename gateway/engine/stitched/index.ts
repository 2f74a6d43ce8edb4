import { type DocumentNode, type ExecutionResult, execute } from 'graphql'
import type { Guarded } from '../authorize/index.ts'
import type { Rules } from '../authorize/rules.ts'
import type { Engine, OperationRequest, Prepared } from '../engine.ts'
import { createEngine, type Operation } from '../prepare/index.ts'
import { subscriberOf } from '../subscription.ts'
import { cacheHintsOf } from '../supergraph/cache-hints.ts'
import type { Supergraph } from '../supergraph/index.ts'
import type { ErrorPolicy } from '../transport/answer.ts'
import type { Transport } from '../transport/transport.ts'
import { editsIn, isEmpty } from './edits.ts'
import { restored } from './restore.ts'
import { type StitchedContext, stitchedSchemaOf } from './schema.ts'
import { keyNamesIn, stitchable } from './stitchable.ts'
import { type Answerer, streamOf } from './subscription.ts'
import { forClient } from './told.ts'
import { withoutDenied } from './without-denied.ts'

export type StitchedDeps = {
  readonly supergraph: Supergraph
  /** Who may read which field; `rulesOf(supergraph)` everywhere but in tests. */
  readonly rules: Rules
  /** By subgraph name. */
  readonly transports: ReadonlyMap<string, Transport>
  /** How long the answer to one event of a subscription may take. */
  readonly eventMs?: number
  /** What clients may read of subgraphs' errors. */
  readonly errors?: ErrorPolicy
}

const eventDefaultMs = 10_000

type Graph = Guarded & {
  readonly keyNames: ReadonlySet<string>
  readonly eventMs: number
  readonly errors: ErrorPolicy
}

/** The interpreter: answers anything, and is what the compiled engine is measured against. */
export function createStitchedEngine(deps: StitchedDeps): Engine {
  const { supergraph, rules, transports, errors = 'closed', eventMs = eventDefaultMs } = deps
  const schema = stitchedSchemaOf(supergraph, transports, errors)
  const graph = { schema, rules, eventMs, errors, keyNames: keyNamesIn(supergraph) }
  const hints = cacheHintsOf(supergraph.document)
  return createEngine({
    schema,
    rules,
    hints,
    answererOf: (operation) => answererOf(graph, operation),
  })
}

function answererOf(
  { schema, rules, keyNames, eventMs, errors }: Graph,
  operation: Operation,
): Pick<Prepared, 'execute' | 'subscribe' | 'stream'> {
  const filtered = withoutDenied({ schema, rules }, operation.document, operation.denied)
  const { document, placeholders } = stitchable(filtered.document, keyNames)
  const edits = editsIn(schema, document, new Map([...filtered.placeholders, ...placeholders]))
  const answer: Answerer = async (variables, context) => {
    const result = forClient(await run(schema, document, { variables, context }), errors)
    return isEmpty(edits) ? result : restored(schema, result, edits)
  }
  const execute: Prepared['execute'] = ({ variables, exchange }) => answer(variables, { exchange })
  const stream = streamOf({ schema, document, eventMs, answer })
  return stream
    ? { execute, subscribe: subscriberOf(stream), stream }
    : { execute, subscribe: execute }
}

type Run = {
  readonly variables: OperationRequest['variables']
  readonly context: StitchedContext
}

async function run(
  schema: Guarded['schema'],
  document: DocumentNode,
  { variables, context }: Run,
): Promise<ExecutionResult> {
  return execute({
    schema,
    document,
    variableValues: variables,
    contextValue: context,
  })
}
