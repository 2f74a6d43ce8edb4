import type { ExecutionResult } from 'graphql'
import type { Metrics } from '#kit/metrics'
import { annotate } from '#kit/serve'
import { annotateSpan, span } from '#kit/trace'
import type { GraphContext, GraphPlugin } from '../graph.ts'
import { type Engine, type OperationRequest, type Prepared, variantOf } from './engine.ts'

export type EngineDeps = {
  readonly engine: Engine
  readonly metrics: Pick<Metrics, 'operation'>
}

type Call = {
  readonly contextValue: GraphContext & { readonly params: { readonly query?: string | null } }
  readonly variableValues?: Readonly<Record<string, unknown>> | null
  readonly operationName?: string | null
}

/** Stage 5, the answer. The engine validates by its own schema, so graphql-yoga needs none. */
export function useEngine({ engine, metrics }: EngineDeps): GraphPlugin {
  const answer = async <Result>(call: Call, run: Run<Result>) => {
    const { contextValue, variableValues, operationName } = call
    const { exchange, params } = contextValue
    const prepared = await span('prepare', {}, () =>
      engine.prepare(params.query ?? '', operationName ?? null, variantOf(exchange.viewer)),
    )
    exchange.openFields = prepared.openFields
    annotate({ operation: prepared.name })
    annotateSpan({ 'graphql.operation.type': prepared.kind })
    return span('execute', {}, () => run(prepared, { variables: variableValues ?? {}, exchange }))
  }
  const measured = async <Result extends ExecutionResult | Events>(
    call: Call,
    run: Run<Result>,
  ) => {
    const startedAt = performance.now()
    let outcome: Outcome = 'failed'
    try {
      const result = await answer(call, run)
      outcome = outcomeOf(result)
      return result
    } finally {
      const operation = call.contextValue.exchange.registeredName ?? 'free-text'
      metrics.operation({ operation, outcome, seconds: (performance.now() - startedAt) / 1_000 })
    }
  }
  return {
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setExecuteFn }) =>
      setExecuteFn(() => measured(args, (prepared, request) => prepared.execute(request))),
    // What is measured of a subscription is its opening.
    onSubscribe: ({ args, setSubscribeFn }) =>
      setSubscribeFn(() => measured(args, (prepared, request) => prepared.subscribe(request))),
  }
}

type Events = AsyncIterable<ExecutionResult>
type Run<Result> = (prepared: Prepared, request: OperationRequest) => Promise<Result>
type Outcome = Parameters<Metrics['operation']>[0]['outcome']

const outcomeOf = (result: ExecutionResult | Events): Outcome => {
  if (Symbol.asyncIterator in result) return 'ok'
  if (!result.data) return 'failed'
  return result.errors ? 'partial' : 'ok'
}
