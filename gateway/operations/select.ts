import { z } from 'zod'
import { AppError } from '#kit/errors'
import { type Contract, isWithin } from '#schema/contracts'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import type { Params } from './params.ts'
import type { Client, RegisteredOperation, Registry } from './registry.ts'

/** Whether a caller may send a document of their own. */
export type FreeText = (exchange: Exchange) => boolean

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/**
 * Explorers may; and, while the product is being developed, whoever is signed in on the same
 * machine.
 */
export const freeTextFor =
  ({ fromLocalhost }: { readonly fromLocalhost: boolean }): FreeText =>
  (exchange) =>
    isExplorer(exchange) ||
    (fromLocalhost && exchange.credential === 'session' && loopback.has(exchange.clientAddress))

/**
 * One message for an unknown id and for text that may not be run: neither tells what is registered.
 */
const notRegistered = () =>
  new AppError('OPERATION_NOT_REGISTERED', 'This operation is not registered.')

const idPattern = /^sha256:([0-9a-f]{64})$/
const PersistedQuery = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) })

/** The hash that a client names, as `documentId` or in Apollo's way; null when it names none. */
function hashOf({ documentId, extensions }: Params): string | null {
  // An id of another form is one that nobody registered.
  if (documentId) return idPattern.exec(documentId)?.[1] ?? ''
  if (!extensions) return null
  return PersistedQuery.safeParse(extensions).data?.persistedQuery.sha256Hash ?? null
}

/**
 * Whose operations a caller may run, those of its own first. A program that has a name of its own
 * is a partner's; a token that names no program runs nothing.
 */
export const clientsOf = (
  { credential, clientId }: Pick<Exchange, 'credential' | 'clientId'>,
  webClientId: string,
): readonly Client[] => {
  if (credential !== 'bearer' || clientId === webClientId) return ['web']
  return clientId === null ? [] : [clientId, 'partner']
}

/** What to run; `registered` is null for text of the caller's own. */
export type Selected = {
  readonly text: string
  readonly registered: RegisteredOperation | null
}

type Published = {
  readonly registry: Registry
  readonly clients: readonly Client[]
  /** What is published within a wider one is answered as what is not there. */
  readonly contract: Contract
}

/** The document to run. Throws AppError BAD_REQUEST or OPERATION_NOT_REGISTERED. */
export function documentOf(
  params: Params,
  { registry, clients, contract }: Published,
  mayUseText: () => boolean,
): Selected {
  const { documentId, query } = params
  if (documentId && query)
    throw new AppError('BAD_REQUEST', 'Send either "documentId" or "query", not both.')
  const hash = hashOf(params)
  // Apollo's clients may repeat the text beside its hash: the registered text is what runs.
  const registered = hash === null ? null : registry.byHash(hash, clients)
  if (registered && isWithin(registered.contract, contract))
    return { text: registered.document, registered }
  if (!query && hash === null) throw new AppError('BAD_REQUEST', 'Send "documentId" or "query".')
  if (!query || !mayUseText()) throw notRegistered()
  return { text: query, registered: null }
}
