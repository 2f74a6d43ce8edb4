import { annotate } from '#kit/serve'
import { annotateSpan, span } from '#kit/trace'
import type { GraphContext, GraphPlugin } from '../graph.ts'
import { type Engine, variantOf } from './engine.ts'

export type EngineDeps = { readonly engine: Engine }

type Call = {
  readonly contextValue: GraphContext & { readonly params: { readonly query?: string | null } }
  readonly variableValues?: Readonly<Record<string, unknown>> | null
  readonly operationName?: string | null
}

/** Stage 5, the answer. The engine validates by its own schema, so graphql-yoga needs none. */
export function useEngine({ engine }: EngineDeps): GraphPlugin {
  const answer = async ({ contextValue, variableValues, operationName }: Call) => {
    const { exchange, params } = contextValue
    const prepared = await span('prepare', {}, () =>
      engine.prepare(params.query ?? '', operationName ?? null, variantOf(exchange.viewer)),
    )
    annotate({ operation: prepared.name })
    annotateSpan({ 'graphql.operation.type': prepared.kind })
    return span('execute', {}, () =>
      prepared.execute({ variables: variableValues ?? {}, exchange }),
    )
  }
  return {
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setExecuteFn }) => setExecuteFn(() => answer(args)),
    onSubscribe: ({ args, setSubscribeFn }) => setSubscribeFn(() => answer(args)),
  }
}
