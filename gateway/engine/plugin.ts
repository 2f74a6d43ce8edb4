import type { GraphContext, GraphPlugin } from '../graph.ts'
import type { Answering, Call } from './answer.ts'

type Args = {
  readonly contextValue: GraphContext & { readonly params: { readonly query?: string | null } }
  readonly variableValues?: Readonly<Record<string, unknown>> | null
  readonly operationName?: string | null
}

/** Stage 5, the answer. The engine validates by its own schema, so graphql-yoga needs none. */
export function useEngine({ execute, subscribe }: Answering): GraphPlugin {
  return {
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setExecuteFn }) => setExecuteFn(() => execute(callOf(args))),
    onSubscribe: ({ args, setSubscribeFn }) => setSubscribeFn(() => subscribe(callOf(args))),
  }
}

const callOf = ({ contextValue, variableValues, operationName }: Args): Call => ({
  text: contextValue.params.query ?? '',
  operationName: operationName ?? null,
  variables: variableValues ?? null,
  exchange: contextValue.exchange,
})
