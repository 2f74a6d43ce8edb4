import { contractOf } from '../contract.ts'
import type { Exchange, Registered } from '../exchange.ts'
import type { Params } from './params.ts'
import type { Registry } from './registry.ts'
import { clientsOf, documentOf, type FreeText } from './select.ts'

export type OperationsDeps = {
  readonly registry: Registry
  readonly freeText: FreeText
  /** The OAuth client that the platform's own pages sign in with. */
  readonly webClientId: string
}

/** What this caller runs, with what. */
export type Chosen = {
  readonly text: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
  /** Null for text of the caller's own. */
  readonly registered: Registered | null
}

/** Throws AppError BAD_REQUEST or OPERATION_NOT_REGISTERED. */
export function chosenBy(params: Params, exchange: Exchange, deps: OperationsDeps): Chosen {
  const { registry, freeText, webClientId } = deps
  const contract = contractOf(exchange, webClientId)
  const published = { registry, clients: clientsOf(exchange, webClientId), contract }
  const { text, registered } = documentOf(params, published, () => freeText(exchange))
  // What is registered was held against its contract when it was published.
  exchange.contract = registered ? 'admin' : contract
  return {
    text,
    operationName: params.operationName || null,
    variables: params.variables ?? null,
    registered,
  }
}
