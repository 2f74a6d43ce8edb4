import { randomBytes } from 'node:crypto'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { createEdge, type EdgeConfig } from '../edge.ts'
import { type Exchange, exchangeOf, inOrder, type Stage } from '../exchange.ts'
import type { Neighbour } from '../http/forward.ts'
import type { Verify } from '../identity/bearer.ts'
import type { Unguarded } from '../identity/guards.ts'
import type { createProvider } from '../identity/provider.ts'
import { audience, clientId, clientSecret } from './provider.ts'

export const publicOrigin = 'https://plexus.test'
const sessionKeys = [{ id: 'k1', key: new Uint8Array(randomBytes(32)) }]
const hourMs = 3_600_000
const stepUp = { stepUpMs: 900_000, placesFile: null }

export const edgeConfig = (issuer: string, changes: Partial<EdgeConfig> = {}): EdgeConfig => ({
  publicOrigin,
  allowedOrigins: [],
  adminToolOrigins: [],
  cookiePrefix: '__Host-',
  limits: { bodyBytesMax: 1_048_576, transferBytesMax: 16_777_216, deadlineMs: 10_000 },
  session: { keys: sessionKeys, idleMs: 8 * hourMs, absoluteMs: 12 * hourMs, ...stepUp },
  provider: {
    ...{ issuer, clientId, clientSecret, audience },
    scope: 'openid profile email',
    label: 'Test',
    kind: 'embedded',
    ...{ introspection: false, dpopNonce: false },
  },
  web: { folder: '/nowhere', productName: 'Plexus', defaultLocale: 'fr' },
  ...changes,
})

type Options = Unguarded & {
  readonly providerFor?: typeof createProvider
  readonly issuer: string
  readonly sql: Pool
  readonly now?: () => Date
  readonly config?: Partial<EdgeConfig>
  /** Stands for the graph; tells who asks unless a test gives another. */
  readonly last?: Stage
  readonly lines?: string[]
  readonly neighbours?: ReadonlyMap<string, Neighbour>
  readonly isSigned?: Verify
}

/** The stage that answers in the place of the graph. */
export const whoAsks: Stage = async ({ viewer, credential, clientId, request }) =>
  Response.json({
    ...{ credential, clientId },
    id: viewer?.id ?? null,
    roles: viewer?.roles ?? [],
    scopes: [...(viewer?.scopes ?? [])].sort(),
    sessionId: viewer?.sessionId ?? null,
    body: await request.text(),
  })

/** One gateway instance without the graph. */
export async function startEdge({ issuer, sql, now = () => new Date(), ...options }: Options) {
  const log = createLog({ service: 'gateway', write: (line) => void options.lines?.push(line) })
  const metrics = createMetrics('gateway')
  const edge = createEdge({
    config: edgeConfig(issuer, options.config),
    neighbours: options.neighbours ?? new Map(),
    registry: { byName: () => null },
    ...{
      sql,
      log,
      metrics,
      now,
      without: options.without,
      providerFor: options.providerFor,
      isSigned: options.isSigned,
    },
  })
  await edge.start()
  const last = options.last ?? whoAsks
  const run = (stages: readonly Stage[]) => async (request: Request) =>
    inOrder(stages)(exchangeFor(request))
  return {
    fetch: run([edge.http, edge.identity, last]),
    /**
     * The same gateway with its first stage left out: what that stage refuses must succeed here.
     */
    unguarded: run([edge.identity, last]),
    ...{ metrics, reloadWeb: edge.reloadWeb, stop: edge.stop, watchSession: edge.watchSession },
    watchProgram: edge.watchProgram,
  }
}

export type TestEdge = Awaited<ReturnType<typeof startEdge>>

export const exchangeFor = (request: Request): Exchange =>
  exchangeOf(request, { requestId: 'request-1', clientAddress: '203.0.113.7' }, request.signal)

type Fetch = (request: Request) => Promise<Response>

/** A browser with a cookie jar; redirects are the test's to follow. */
export function createBrowser(gateway: Fetch) {
  const jar = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '))
    const url = new URL(path, publicOrigin)
    const response = await gateway(new Request(url, { redirect: 'manual', ...init, headers }))
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line)
    return response
  }
  /** Begins a sign-in and lets the provider send the browser back: the address of the callback. */
  const begin = async (returnTo = '/') => {
    const start = await send(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
    const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
    return atProvider.headers.get('location') ?? ''
  }
  return {
    ...{ jar, send, begin },
    signIn: async (returnTo = '/') => send(await begin(returnTo)),
    ask: async () => (await send('/graphql')).json(),
    logout: () => send('/auth/logout', { method: 'POST', headers: ownPage }),
  }
}

/** What a browser adds when one of our own pages sends our own header. */
const ownPage = { 'x-plexus-csrf': '1', 'sec-fetch-site': 'same-origin', origin: publicOrigin }

function keepCookie(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (/max-age=0/i.test(line)) jar.delete(name)
  else jar.set(name, value)
}

/** Tries until `holds` is true: for what reaches the test over another connection. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  withinMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms.`)
    await Bun.sleep(10)
  }
}
