import type { Exchange } from '../exchange.ts'
import type { Params } from './params.ts'
import type { Registry } from './registry.ts'
import { clientOf, documentOf, type FreeText } from './select.ts'

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
  /** The name that the document is registered under; null for text of the caller's own. */
  readonly registeredName: string | null
}

/** Throws AppError BAD_REQUEST or OPERATION_NOT_REGISTERED. */
export function chosenBy(params: Params, exchange: Exchange, deps: OperationsDeps): Chosen {
  const { registry, freeText, webClientId } = deps
  const published = { registry, client: clientOf(exchange, webClientId) }
  const { text, name } = documentOf(params, published, () => freeText(exchange))
  return {
    text,
    operationName: params.operationName || null,
    variables: params.variables ?? null,
    registeredName: name,
  }
}
