import { AppError } from '#kit/errors'
import { guardedBy, type Unguarded } from '../identity/guards.ts'

export type OriginRules = {
  readonly publicOrigin: string
  /** Origins whose pages may read public answers: never with the session cookie. */
  readonly allowedOrigins: readonly string[]
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A method that only reads. Source: RFC 9110 section 9.2.1. */
export const isSafe = ({ method }: Request): boolean => safeMethods.has(method)

/**
 * What only the browser itself can write says that one of our own pages (or nobody else's) asks.
 */
function fromOurPages({ headers }: Request, publicOrigin: string): boolean {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  // `none` is the person: the address bar, a bookmark, a reload. No page can cause it.
  const ownSite = site === null || site === 'same-origin' || site === 'none'
  return ownSite && (origin === null || origin === publicOrigin)
}

/**
 * Throws CSRF for a request that another site's page may have caused. A browser always says where a
 * POST comes from (Origin, and Sec-Fetch-Site on secure origins), so a request that says nothing is
 * no browser and brings no ambient authority that a page could borrow. Source: OWASP CSRF
 * Prevention Cheat Sheet, Fetch Metadata.
 */
export function requireOwnPage(request: Request, rules: OriginRules): void {
  if (isSafe(request)) return
  if (fromOurPages(request, rules.publicOrigin)) return
  if (maySkip(request, rules)) return
  throw new AppError('CSRF', 'This request came from another site and was not carried out.')
}

/**
 * An allowed origin is a program of its own: it may post, as long as no cookie lends it somebody's
 * session.
 */
const maySkip = (request: Request, rules: OriginRules) =>
  !request.headers.has('cookie') && isAllowed(request.headers.get('origin'), rules)

/**
 * A read that carries the session must not be started by another site either: it would be timed or
 * counted.
 */
export function requireOwnPageForCookie(request: Request, rules: OriginRules): void {
  if (!request.headers.has('cookie') || fromOurPages(request, rules.publicOrigin)) return
  throw new AppError('CSRF', 'This request came from another site and was not carried out.')
}

const isAllowed = (origin: string | null, { allowedOrigins }: OriginRules) =>
  origin !== null && allowedOrigins.includes(origin)

/**
 * Without its parameters; empty when there is none. Form posts need no preflight, so another site
 * can send their three types (and none at all) unasked; any other type it cannot.
 */
export const mediaType = ({ headers }: Request): string =>
  headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** A header of our own cannot be sent across origins without a preflight, which we do not grant. */
export const hasOwnHeader = ({ headers }: Request): boolean => headers.get('x-plexus-csrf') === '1'

type SharingRules = Unguarded & { readonly origins: OriginRules }

/** Without its guard every origin is on the list, with the session: what CORS is often set to. */
const mayRead = (origin: string | null, rules: SharingRules): origin is string =>
  isAllowed(origin, rules.origins) || (origin !== null && !guardedBy(rules)('http-cors'))

const withSession = (rules: SharingRules): [string, string][] =>
  guardedBy(rules)('http-cors') ? [] : [['access-control-allow-credentials', 'true']]

const exposedHeaders = [
  ...['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy', 'idempotent-replayed'],
  ...['www-authenticate', 'dpop-nonce'],
].join(', ')

/** What a page of another origin may send. */
const sentHeaders = [
  ...['authorization', 'content-type', 'dpop', 'idempotency-key', 'last-event-id', 'traceparent'],
  // MCP's clients say which version of the protocol they speak.
  ...['mcp-protocol-version', 'x-graphql-event-stream-token'],
].join(', ')

/**
 * CORS for the allow list, without credentials; nothing at all for every other origin. Source:
 * Fetch, CORS protocol.
 */
export function corsHeaders(request: Request, rules: SharingRules): [string, string][] {
  const origin = request.headers.get('origin')
  const vary: [string, string][] =
    rules.origins.allowedOrigins.length > 0 ? [['vary', 'origin']] : []
  if (!mayRead(origin, rules)) return vary
  return [
    ...vary,
    ...withSession(rules),
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', exposedHeaders],
  ]
}

/** The answer to a preflight: throws FORBIDDEN for an origin that is not on the list. */
export function answerPreflight(
  request: Request,
  rules: SharingRules,
  methods: readonly string[],
): Response {
  if (!mayRead(request.headers.get('origin'), rules))
    throw new AppError('FORBIDDEN', 'Pages of other origins may not call this address.')
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': sentHeaders,
      'access-control-max-age': '600',
    },
  })
}
