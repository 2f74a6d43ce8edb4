import type { GraphPlugin } from '../graph.ts'
import { paramsFrom } from './params.ts'
import type { Registry } from './registry.ts'
import { clientOf, documentOf, type FreeText } from './select.ts'

export type OperationsDeps = {
  readonly registry: Registry
  readonly freeText: FreeText
  /** The OAuth client that the platform's own pages sign in with. */
  readonly webClientId: string
}

/** Stage 3, which document: a registered one by its id, or text from those who may send it. */
export function useOperations({ registry, freeText, webClientId }: OperationsDeps): GraphPlugin {
  return {
    onRequestParse: ({ serverContext: { exchange }, setRequestParser }) => {
      setRequestParser(async () => {
        const params = await paramsFrom(exchange)
        const client = clientOf(exchange, webClientId)
        const { text, name } = documentOf(params, { registry, client }, () => freeText(exchange))
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
