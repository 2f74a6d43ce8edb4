import { type ExecutionResult, OperationTypeNode, parse } from 'graphql'
import { mutationFieldsOf, readOnlyScope, refuseReadOnly } from '#kit/acting'
import type { Metrics } from '#kit/metrics'
import { annotate } from '#kit/serve'
import { annotateSpan, span } from '#kit/trace'
import type { Exchange, Ran } from '../exchange.ts'
import { type Engine, type OperationRequest, type Prepared, variantOf } from './engine.ts'

export type EngineDeps = {
  readonly engine: Engine
  readonly metrics: Pick<Metrics, 'operation'>
  /** Told of every operation that ran, whatever became of it. */
  readonly ran?: (run: Ran) => void
}

/** An operation that a caller may run, and that we can afford. */
export type Call = {
  readonly text: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly exchange: Exchange
}

type Events = AsyncIterable<ExecutionResult>

export type Answering = {
  /** Null for an operation that has yet to be prepared for such a caller. */
  known(call: Call): Prepared | null
  /**
   * Rejects with what a client may see when the operation cannot be prepared. `run` is for a result
   * that comes another way, and is measured like any other.
   */
  execute(call: Call, prepared?: Prepared, run?: Run<ExecutionResult>): Promise<ExecutionResult>
  /** What is measured of a subscription is its opening. */
  subscribe(call: Call): Promise<ExecutionResult | Events>
}

/** Stage 5, the answer; what ran, and how it went, is told to log, trace and metrics. */
export function createAnswering({ engine, metrics, ran }: EngineDeps): Answering {
  const prepare = ({ text, operationName, exchange }: Call) =>
    span('prepare', {}, () =>
      engine.prepare(text, operationName, variantOf(exchange.viewer, exchange.contract)),
    )
  const answer = <Result>(call: Call, prepared: Prepared, run: Run<Result>) => {
    const { variables, exchange } = call
    if (prepared.kind === OperationTypeNode.MUTATION) {
      refuseLookers(call)
      exchange.mayHaveChanged = true
    }
    exchange.reads = prepared.reads
    annotate({ operation: prepared.name })
    annotateSpan({ 'graphql.operation.type': prepared.kind })
    return span('execute', {}, () => run(prepared, { variables: variables ?? none, exchange }))
  }
  const measured = async <Result extends ExecutionResult | Events>(
    call: Call,
    run: Run<Result>,
    prepared?: Prepared,
  ) => {
    const startedAt = performance.now()
    let outcome: Outcome = 'failed'
    try {
      const result = await answer(call, prepared ?? (await prepare(call)), run)
      outcome = outcomeOf(result)
      return result
    } finally {
      const operation = call.exchange.registered?.name ?? 'free-text'
      const seconds = (performance.now() - startedAt) / 1_000
      metrics.operation({ operation, outcome, seconds })
      ran?.({ exchange: call.exchange, isFailed: outcome === 'failed', seconds })
    }
  }
  return {
    known: ({ text, operationName, exchange }) =>
      engine.known?.(text, operationName, variantOf(exchange.viewer, exchange.contract)) ?? null,
    execute: (call, prepared, run = execute) => measured(call, run, prepared),
    subscribe: (call) => measured(call, subscribe),
  }
}

/** Throws FORBIDDEN. Only those who act for somebody else pay for reading the text again. */
function refuseLookers({ text, operationName, exchange: { viewer } }: Call) {
  if (!viewer?.scopes.has(readOnlyScope)) return
  refuseReadOnly(viewer, mutationFieldsOf(parse(text), operationName) ?? [''])
}

type Run<Result> = (prepared: Prepared, request: OperationRequest) => Promise<Result>
type Outcome = Parameters<Metrics['operation']>[0]['outcome']

const none = {}
const execute: Run<ExecutionResult> = (prepared, request) => prepared.execute(request)
const subscribe: Run<ExecutionResult | Events> = (prepared, request) => prepared.subscribe(request)

const outcomeOf = (result: ExecutionResult | Events): Outcome => {
  if (Symbol.asyncIterator in result) return 'ok'
  if (!result.data) return 'failed'
  return result.errors ? 'partial' : 'ok'
}
