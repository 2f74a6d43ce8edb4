import { AppError } from '#kit/errors'
import { type Contract, isWithin } from '#schema/contracts'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import { namedIn } from './dialects.ts'
import type { Params } from './params.ts'
import type { Client, RegisteredOperation, Registry } from './registry.ts'
import type { Taught } from './taught.ts'

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

const pages: readonly Client[] = ['web', 'public']
const nameless: readonly Client[] = ['public']

/**
 * Whose operations a caller may run, those of its own first and those for anybody last. A program
 * that has a name of its own is a partner's; a token that names no program runs what anybody may.
 */
export function clientsOf(
  { credential, clientId, viewer }: Pick<Exchange, 'credential' | 'clientId' | 'viewer'>,
  webClientId: string,
): readonly Client[] {
  if (credential !== 'bearer' || clientId === webClientId) return pages
  if (clientId === null) return nameless
  // A provider may call a program otherwise than by the id that it publishes under.
  if (viewer?.roles.includes('PARTNER_APP') && viewer.id !== clientId)
    return [clientId, viewer.id, 'partner', 'public']
  return [clientId, 'partner', 'public']
}

/** What to run; `registered` is null for text of the caller's own. */
export type Selected = {
  readonly text: string
  readonly registered: RegisteredOperation | null
}

type Published = {
  readonly registry: Registry
  readonly taught: Taught
  readonly clients: readonly Client[]
  /** What is published within a wider one is answered as what is not there. */
  readonly contract: Contract
}

/**
 * The document to run. Throws AppError BAD_REQUEST, OPERATION_NOT_REGISTERED, OPERATION_RETIRED or
 * PERSISTED_QUERY_NOT_FOUND.
 */
export function documentOf(
  params: Params,
  published: Published,
  mayUseText: () => boolean,
): Selected {
  const { documentId, doc_id: relayId, query } = params
  if ((documentId || relayId) && query)
    throw new AppError('BAD_REQUEST', 'Send either "documentId" or "query", not both.')
  const named = namedIn(params)
  // Apollo's clients may repeat the text beside its hash: the registered text is what runs.
  const registered = named && registeredAs(named.hash, published)
  if (registered) return { text: registered.document, registered }
  if (!query && !named) throw new AppError('BAD_REQUEST', 'Send "documentId" or "query".')
  if (named?.mayTeach && published.taught.mayTeach(published.clients))
    return { text: taughtText(named.hash, query, published), registered: null }
  if (!query || !mayUseText()) throw notRegistered()
  return { text: query, registered: null }
}

function registeredAs(hash: string, { registry, clients, contract }: Published) {
  const registered = registry.byHash(hash, clients)
  if (!registered || !isWithin(registered.contract, contract)) return null
  if (registered.retiredAt) throw retired(registered.retiredAt)
  return registered
}

const retired = (at: Date) =>
  new AppError(
    'OPERATION_RETIRED',
    `This operation was retired on ${at.toISOString().slice(0, 10)}.`,
  )

/** The words are those that Apollo's clients wait for before they send the text. */
function taughtText(hash: string, query: string | null | undefined, published: Published): string {
  const { taught, clients } = published
  if (query) {
    taught.teach(hash, query, clients)
    return query
  }
  const text = taught.textOf(hash, clients)
  if (text === null) throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
  return text
}
