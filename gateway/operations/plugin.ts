import type { GraphPlugin } from '../graph.ts'
import { paramsFrom } from './params.ts'
import type { Registry } from './registry.ts'
import { documentOf, type FreeText } from './select.ts'

export type OperationsDeps = { readonly registry: Registry; readonly freeText: FreeText }

/** Stage 3, which document: a registered one by its id, or text from those who may send it. */
export function useOperations({ registry, freeText }: OperationsDeps): GraphPlugin {
  return {
    onRequestParse: ({ serverContext: { exchange }, setRequestParser }) => {
      setRequestParser(async () => {
        const params = await paramsFrom(exchange)
        const { text, name } = documentOf(params, registry, () => freeText(exchange))
        exchange.registeredName = name
        const { operationName, variables } = params
        return {
          query: text,
          ...(operationName && { operationName }),
          ...(variables && { variables }),
        }
      })
    },
  }
}
