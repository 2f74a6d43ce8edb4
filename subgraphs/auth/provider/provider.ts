import { createServer, type Server } from 'node:http'
import type { Context, Middleware, Provider } from 'oidc-provider'
import { PortTakenError } from '#kit/listen'
import { requestIdFrom } from '#kit/serve'
import { span, traceId, withRemoteTrace } from '#kit/trace'
import { sweepFailures } from '../account/queries.ts'
import { createTurns } from '../account/turns.ts'
import { sweepProofs } from '../security/queries.ts'
import { sweepPayloads } from './adapter.ts'
import { comparesHashes } from './api-client.ts'
import { limitClientFailures } from './client-rate.ts'
import { type Failure, failureOf } from './failure.ts'
import { interactions } from './interaction.ts'
import { contentSecurityPolicy } from './layout.ts'
import { redirectLibraryNotices } from './library.ts'
import { createFailureRate } from './rate.ts'
import { applicationOrigins, showError } from './replies.ts'
import { type ProviderOptions, settingsOf } from './settings.ts'

const sweepEveryMs = 10 * 60_000
const drainMs = 5_000
/** Failures of one network address within ten minutes; an office shares one address. */
const addressRate = { limit: 60, windowMs: 10 * 60_000 }

const headersOf = (options: ProviderOptions): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(applicationOrigins(options)),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // Not no-referrer: a browser would then send `Origin: null` with our own form.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  ...(options.issuer.startsWith('https:') && {
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  }),
})

/** Ids of interactions stay out of the log. */
const endpointOf = (path: string) => path.replace(/^\/(auth|interaction)\/.+$/, '/$1/:uid')

const quiet = ['debug'] as const

/** One request line an answer, and a part of the caller's trace. */
const logged =
  ({ log }: ProviderOptions): Middleware =>
  (ctx, next) => {
    const startedAt = performance.now()
    const requestId = requestIdFrom(new Headers({ 'x-request-id': ctx.get('x-request-id') }))
    const endpoint = endpointOf(ctx.path)
    ctx.set('x-request-id', requestId)
    const answer = async () => {
      await next()
      const line = {
        requestId,
        userId: null,
        endpoint,
        method: ctx.method,
        statusCode: ctx.status,
        durationMs: performance.now() - startedAt,
        traceId: traceId(),
        operation: null,
      }
      log.request(line, ...(ctx.path === '/healthz' ? quiet : []))
    }
    const caller = new Headers({ traceparent: ctx.get('traceparent') })
    return withRemoteTrace(caller, () => span(`${ctx.method} ${endpoint}`, {}, answer))
  }

function explain(ctx: Context, error: unknown, { log }: ProviderOptions): Failure | null {
  const failure = failureOf(error)
  if (failure?.status !== 400) log.error('The provider failed', error)
  if (failure) ctx.status = failure.status
  return failure
}

function fail(ctx: Context, error: unknown, options: ProviderOptions) {
  const failure = explain(ctx, error, options)
  showError(ctx, failure ?? { code: 'server_error', status: 500 }, options)
}

const guarded = (options: ProviderOptions): Middleware => {
  const headers = Object.entries(headersOf(options))
  return async (ctx, next) => {
    for (const [name, value] of headers) ctx.set(name, value)
    try {
      await next()
    } catch (error) {
      fail(ctx, error, options)
    }
  }
}

const healthy: Middleware = async (ctx, next) => {
  if (ctx.path !== '/healthz') return next()
  ctx.status = 200
  ctx.body = { status: 'ok' }
}

async function load(options: ProviderOptions): Promise<Provider> {
  const library = await import('oidc-provider')
  const provider = new library.Provider(options.issuer, settingsOf(options, library))
  // Not only for applications that are told of sign-outs: the id of the sign-in is in every token.
  const { prototype } = provider.Client
  Object.assign(prototype, {
    includeSid: () => true,
    compareClientSecret: comparesHashes(prototype.compareClientSecret),
  })
  provider.proxy = options.trustProxy ?? false
  // The last entry of X-Forwarded-For is our proxy's own; the others are the caller's to invent.
  provider.maxIpsCount = 1
  provider.on('error', (error) => options.log.error('An answer could not be sent', error))
  provider.on('server_error', (ctx, error) => explain(ctx, error, options))
  provider.on('backchannel.error', (_ctx, error) =>
    options.log.warn('An application could not be told of a sign-out', error),
  )
  const rate = createFailureRate({ ...addressRate, now: options.now })
  for (const stage of [
    logged(options),
    guarded(options),
    healthy,
    limitClientFailures(options),
    interactions(provider, { ...options, rate, turns: createTurns() }),
  ]) {
    provider.use(stage)
  }
  return provider
}

const listen = (server: Server, port: number, hostname: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' ? new PortTakenError(port, 'PROVIDER_PORT', { cause }) : cause,
      ),
    )
    server.listen(port, hostname, () => resolve())
  })

/** Answers in flight finish; what still runs after five seconds is cut off. */
const close = (server: Server) =>
  new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })

/**
 * The embedded OpenID provider, on a port of its own: the library is a node:http application.
 * `start` rejects with PortTakenError.
 */
export function createProvider(options: ProviderOptions) {
  let stopping: (() => Promise<void>) | null = null

  /** Removes what has expired; the library never does. */
  async function sweep() {
    const at = options.now()
    await options.db.write(async (sql) => {
      await sweepPayloads(sql, at)
      await sweepFailures(sql, at)
      await sweepProofs(sql, at)
    })
  }

  return {
    sweep,
    async start(port: number, hostname = '127.0.0.1') {
      const restoreConsole = redirectLibraryNotices(options.log)
      const provider = await load(options)
      const server = createServer(provider.callback())
      await listen(server, port, hostname)
      const timer = setInterval(() => {
        sweep().catch((error: unknown) => options.log.error('The sweep failed', error))
      }, sweepEveryMs)
      timer.unref()
      stopping = async () => {
        clearInterval(timer)
        await close(server)
        restoreConsole()
      }
    },
    async stop() {
      await stopping?.()
      stopping = null
    },
  }
}

export type EmbeddedProvider = ReturnType<typeof createProvider>
