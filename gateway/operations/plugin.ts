import type { GraphPlugin } from '../graph.ts'
import { chosenBy, type OperationsDeps } from './choose.ts'
import { paramsFrom } from './params.ts'

/** Stage 3, which document: a registered one by its id, or text from those who may send it. */
export function useOperations(deps: OperationsDeps): GraphPlugin {
  return {
    onRequestParse: ({ serverContext: { exchange }, setRequestParser }) => {
      setRequestParser(async () => {
        const chosen = chosenBy(await paramsFrom(exchange), exchange, deps)
        const { text, operationName, variables } = chosen
        exchange.registered = chosen.registered
        return {
          query: text,
          ...(operationName !== null && { operationName }),
          ...(variables && { variables }),
        }
      })
    },
  }
}
