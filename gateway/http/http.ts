import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { annotate } from '#kit/serve'
import { graceMs, isTimeout, within } from '../deadline.ts'
import type { Exchange, Stage } from '../exchange.ts'
import { isFinished } from '../finished.ts'
import { guardedBy, type Unguarded } from '../identity/guards.ts'
import { announcedText, isAnnounced, withBodyRead } from './body.ts'
import { compressed } from './compress.ts'
import { securityHeaders } from './headers.ts'
import { acceptsOneOf } from './negotiate.ts'
import {
  answerPreflight,
  corsHeaders,
  hasOwnHeader,
  isSafe,
  mediaType,
  type OriginRules,
  requireOwnPage,
  requireOwnPageForCookie,
} from './origin.ts'
import type { Route, Routes } from './routes.ts'
import { asGraph, asProblemAt, type Tell } from './tell.ts'
import { validated } from './validate.ts'
import { nameVersion, readVersion } from './version.ts'

export type HttpDeps = Unguarded & {
  readonly routes: Routes
  readonly origins: OriginRules
  readonly providerOrigin: string
  readonly bodyBytesMax: number
  readonly log: Log
}

/** A closed connection reads no answer; the number is what nginx logs for it. */
const clientClosedRequest = 499

/** Stage 1, what came in: path, method, origin, body. It is also the last to touch what leaves. */
export function http(deps: HttpDeps): Stage {
  const security = securityHeaders({
    publicOrigin: deps.origins.publicOrigin,
    providerOrigin: deps.providerOrigin,
  })
  return async (exchange, next) => {
    const { pathname } = exchange.url
    readVersion(exchange)
    const route = deps.routes.routeOf(pathname)
    annotate({ route: route.name })
    const tell = route.tells === 'problems' ? asProblemAt(pathname) : asGraph
    const answering = { ...deps, route, tell }
    const response = await answer(answering, exchange, next).catch((error: unknown) =>
      failure(answering, exchange, error),
    )
    nameVersion(response, exchange)
    for (const [name, value] of exchange.responseHeaders) response.headers.append(name, value)
    if (route.shared)
      for (const [name, value] of corsHeaders(exchange.request, deps))
        response.headers.append(name, value)
    response.headers.set('x-request-id', exchange.requestId)
    // The headers of a 304 replace those of the stored page, which must keep its own policy.
    if (response.status !== 304) security.addTo(response.headers)
    return response
  }
}

type Answering = HttpDeps & { readonly route: Route; readonly tell: Tell }

async function answer(
  deps: Answering,
  exchange: Exchange,
  next: () => Promise<Response>,
): Promise<Response> {
  const { route, tell } = deps
  const { request, signal } = exchange
  const guarded = guardedBy(deps)
  if (request.method === 'OPTIONS' && route.shared)
    return answerPreflight(request, deps, route.methods)
  if (guarded('http-method')) requireMethod(route, exchange)
  if (guarded('http-own-page')) requireOwnPage(request, deps.origins)
  const ownPage = isSafe(request) ? 'http-own-page-reads' : 'http-own-page'
  if (route.shared && guarded(ownPage)) requireOwnPageForCookie(request, deps.origins)
  const { types, takes } = offered[route.answers]
  if (!takes(request.headers.get('accept'))) return notAcceptable(types, tell, exchange)
  if (!hasFitBody(route, request) && guarded('http-content-type'))
    return unsupportedType(tell, exchange)
  let isRead = false
  const handled = async () => {
    if (route.body !== 'none') await readBody(route, exchange, deps.bodyBytesMax)
    isRead = true
    return route.handle(exchange, next)
  }
  const response = await within(signal, handled, () => (isRead ? graceMs : 0)).catch((cause) => {
    if (isRead || !isTimeout(cause)) throw cause
    return null
  })
  if (!response) return tooSlow(tell, exchange)
  if (route.answers === 'any' || isFinished(response)) return response
  const sent = compressed(response, request)
  return validated(sent instanceof Response ? sent : await sent, request)
}

/** Rejects with the signal's reason when not all of it has arrived in time. */
async function readBody({ body }: Route, exchange: Exchange, bytesMax: number): Promise<void> {
  const { request, signal } = exchange
  if (body === 'json' && isAnnounced(request)) {
    exchange.bodyText = await announcedText(request, bytesMax)
    return
  }
  const whole = await withBodyRead(request, { bytesMax, signal })
  if (!whole) throw signal.reason
  exchange.request = whole
}

function requireMethod({ methods }: Route, { request, responseHeaders }: Exchange): void {
  if (methods.includes(request.method)) return
  responseHeaders.set('allow', methods.join(', '))
  throw new AppError('METHOD_NOT_ALLOWED', `This address answers ${methods.join(' and ')}.`)
}

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT'])

const hasFitBody = ({ body }: Route, request: Request): boolean => {
  if (!withBody.has(request.method) || body === 'none' || body === 'any') return true
  // No form can send it, and there is nothing to read.
  if (request.method === 'PUT' && request.body === null) return true
  const type = mediaType(request)
  if (body === 'form') return type === 'application/x-www-form-urlencoded'
  return type === 'application/json' || (body === 'json-or-own-header' && hasOwnHeader(request))
}

/** RFC 9110 section 15.5.16; a client's own code can never cause it. */
function unsupportedType(tell: Tell, exchange: Exchange): Response {
  const message = 'The request is not of a content type that is accepted here.'
  const refusal = { status: 415, headers: { accept: 'application/json' } }
  return tell(new AppError('BAD_REQUEST', message), exchange, refusal)
}

const offering = (types: readonly string[]) => ({ types, takes: acceptsOneOf(types) })

const offered = {
  json: offering(['application/graphql-response+json', 'application/json', 'text/event-stream']),
  face: offering([
    'application/json',
    'application/problem+json',
    'text/event-stream',
    'text/html',
  ]),
  any: { types: [], takes: () => true },
}

/** Said before anything runs: a mutation whose answer nobody can read must not have happened. */
function notAcceptable(types: readonly string[], tell: Tell, exchange: Exchange): Response {
  const message = `The answer is ${types.join(' or ')}, in UTF-8.`
  return tell(new AppError('BAD_REQUEST', message), exchange, { status: 406 })
}

/** RFC 9110 section 15.5.9: what still trickles in belongs to no request, so the line is closed. */
function tooSlow(tell: Tell, exchange: Exchange): Response {
  exchange.request.signal.throwIfAborted()
  const message = 'The request body took too long to arrive.'
  const refusal = { status: 408, headers: { connection: 'close' } }
  return tell(new AppError('TIMEOUT', message), exchange, refusal)
}

function failure({ log, tell }: Answering, exchange: Exchange, error: unknown): Response {
  if (exchange.request.signal.aborted) return new Response(null, { status: clientClosedRequest })
  return tell(error, exchange, { log })
}
