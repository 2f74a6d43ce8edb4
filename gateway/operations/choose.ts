import { contractOf } from '../contract.ts'
import type { Exchange, Registered } from '../exchange.ts'
import type { Params } from './params.ts'
import type { Registry } from './registry.ts'
import { clientsOf, documentOf, type FreeText } from './select.ts'
import { createTaught, type Taught } from './taught.ts'

export type OperationsDeps = {
  readonly registry: Registry
  /** What clients may teach; nothing where it is left out. */
  readonly taught?: Taught
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

const nothingTaught = createTaught(() => false)

/** Throws AppError as `documentOf` does. */
export function chosenBy(params: Params, exchange: Exchange, deps: OperationsDeps): Chosen {
  const { registry, freeText, webClientId, taught = nothingTaught } = deps
  const contract = contractOf(exchange, webClientId)
  const published = { registry, taught, clients: clientsOf(exchange, webClientId), contract }
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
