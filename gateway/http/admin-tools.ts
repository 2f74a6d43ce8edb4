import { AppError } from '#kit/errors'
import type { Vault } from '#kit/vault'
import type { Exchange } from '../exchange.ts'
import type { Cookies } from '../identity/cookies.ts'
import type { ProofStore } from '../identity/proof-store.ts'
import { toolDoorPath } from './paths.ts'
import { refusalPage } from './refusal-page.ts'
import type { Pages } from './routes.ts'

export type AdminToolsDeps = {
  /** Of the tools behind the proxy; with none nothing here answers. */
  readonly origins: readonly string[]
  readonly publicOrigin: string
  readonly productName: string
  readonly sessionSeconds: number
  readonly cookies: Cookies
  readonly vault: Vault
  readonly tickets: ProofStore
  /** The secret of the session that a browser has here; null for none. */
  readonly secretOf: (request: Request) => string | null
  /** Null for a session that is over. */
  readonly scopesOf: (secret: string) => Promise<ReadonlySet<string> | null>
  readonly now: () => Date
}

/** Below every tool; the tool itself never sees it. */
const entrancePath = '/.plexus/enter'
const ticketMs = 30_000
const needed = 'operations:explore'

/**
 * Lets administrators at tools that have hosts of their own, which our session cookie is not for. A
 * ticket carries the session there, once, to one host; there it is a cookie that is good for as long
 * as the session and the role are.
 */
export function adminTools(deps: AdminToolsDeps): Pages['tools'] {
  const refusal = refusalPage(deps.productName, {
    fr: 'Votre compte n’a pas le droit d’utiliser cet outil.',
    en: 'Your account may not use this tool.',
  })
  return {
    check: async ({ request }) => {
      const asked = askedOf(request, deps.origins)
      if (asked.pathname === entrancePath) return entered(deps, asked)
      const scopes = await scopesAt(deps, request, asked.origin)
      if (scopes?.has(needed)) return new Response(null, { headers: noStore })
      if (scopes) return refusal()
      if (!isRead(request)) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
      return redirect(`${deps.publicOrigin}${toolDoorPath}?to=${encodeURIComponent(asked.href)}`)
    },
    door: async (exchange) => {
      const to = URL.parse(exchange.url.searchParams.get('to') ?? '')
      if (!to || !deps.origins.includes(to.origin)) throw noSuchTool()
      const secret = deps.secretOf(exchange.request)
      const scopes = secret && (await deps.scopesOf(secret))
      if (!secret || !scopes) return redirect(toSignIn(exchange))
      return scopes.has(needed) ? redirect(withTicket(deps, secret, to)) : refusal()
    },
  }
}

const noStore = { 'cache-control': 'no-store' }

const redirect = (location: string) =>
  new Response(null, { status: 303, headers: { location, ...noStore } })

const noSuchTool = () => new AppError('NOT_FOUND', 'There is nothing at this address.')

const toSignIn = ({ url }: Exchange) =>
  `/auth/login?returnTo=${encodeURIComponent(`${url.pathname}${url.search}`)}`

const isRead = ({ headers }: Request) =>
  ['GET', 'HEAD'].includes(headers.get('x-forwarded-method') ?? 'GET')

/** What the browser asked for. Throws NOT_FOUND for a host that is none of a tool. */
function askedOf({ headers }: Request, origins: readonly string[]): URL {
  const origin = `https://${headers.get('x-forwarded-host') ?? ''}`
  if (!origins.includes(origin)) throw noSuchTool()
  // Put behind the host, so that `//elsewhere` is a path and no host.
  const asked = URL.parse(`${origin}${headers.get('x-forwarded-uri') ?? '/'}`)
  return asked?.origin === origin ? asked : new URL(origin)
}

/** One purpose and one host each: neither is good for the other, or elsewhere. */
const ownerOf = (purpose: 'ticket' | 'cookie', origin: string) => `tool ${purpose} ${origin}`

async function scopesAt(deps: AdminToolsDeps, request: Request, origin: string) {
  const cookie = deps.cookies.read(request, 'tool')
  const secret = cookie && deps.vault.open(bytesOf(cookie), ownerOf('cookie', origin))
  return secret ? deps.scopesOf(secret) : null
}

const bytesOf = (text: string) => Buffer.from(text, 'base64url')

function withTicket({ vault, now }: AdminToolsDeps, secret: string, to: URL): string {
  const until = now().getTime() + ticketMs
  const ticket = vault.seal(`${until} ${secret}`, ownerOf('ticket', to.origin))
  const entrance = new URL(entrancePath, to.origin)
  entrance.searchParams.set('ticket', ticket.toString('base64url'))
  entrance.searchParams.set('to', `${to.pathname}${to.search}`)
  return entrance.href
}

/** The ticket becomes a cookie of the tool's host; one that is spent or old leads back to the door. */
async function entered(deps: AdminToolsDeps, asked: URL): Promise<Response> {
  const { origin, searchParams } = asked
  const wanted = URL.parse(`${origin}${searchParams.get('to') ?? '/'}`)
  const to = wanted?.origin === origin && wanted.pathname !== entrancePath ? wanted.href : origin
  const secret = await secretIn(deps, searchParams.get('ticket') ?? '', origin)
  if (!secret) return redirect(`${deps.publicOrigin}${toolDoorPath}?to=${encodeURIComponent(to)}`)
  const response = redirect(to)
  const value = deps.vault.seal(secret, ownerOf('cookie', origin)).toString('base64url')
  deps.cookies.set(response.headers, 'tool', { value, maxAgeSeconds: deps.sessionSeconds })
  return response
}

async function secretIn(deps: AdminToolsDeps, ticket: string, origin: string) {
  const sealed = bytesOf(ticket)
  const text = deps.vault.open(sealed, ownerOf('ticket', origin))
  const [until = '', secret = ''] = text?.split(' ') ?? []
  if (!secret || Number(until) <= deps.now().getTime()) return null
  // By its bytes, which many texts stand for.
  const id = sealed.toString('base64url')
  const spent = { thumbprint: 'tool', id, until: new Date(Number(until)) }
  return (await deps.tickets.spend(spent)) ? secret : null
}
