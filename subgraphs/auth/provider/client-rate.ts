import { createHash } from 'node:crypto'
import type { Context, Middleware } from 'oidc-provider'
import { createFailureRate } from './rate.ts'
import type { ProviderOptions } from './settings.ts'

/** Failed client sign-ins of one network within ten minutes. */
const failures = { limit: 60, windowMs: 10 * 60_000 }

/** The endpoints where a client presents its secret; the library's router does not care for case. */
const path = /^\/(token|request)(\/|$)/i

/** The client that the header names; null when it names none that can be read. */
function clientIn(ctx: Context): string | null {
  const [, encoded] = /^Basic +([\w+/]+=*)$/i.exec(ctx.get('authorization')) ?? []
  return encoded ? (Buffer.from(encoded, 'base64').toString().split(':')[0] ?? null) : null
}

const knownMax = 10_000

/** What was right when it was last presented is no guess; kept as hashes, in this process. */
function createKnown() {
  const hashes = new Set<string>()
  const hashOf = (ctx: Context) =>
    createHash('sha256').update(ctx.get('authorization')).digest('base64url')
  return {
    has: (ctx: Context) => hashes.has(hashOf(ctx)),
    add: (ctx: Context) => {
      const [oldest] = hashes
      if (hashes.size >= knownMax && oldest !== undefined) hashes.delete(oldest)
      hashes.add(hashOf(ctx))
    },
    delete: (ctx: Context) => hashes.delete(hashOf(ctx)),
  }
}

/**
 * Guessing secrets ends with 429. The gateway is counted apart, and who was let in before is let
 * in: nobody who shares a network with them can keep them out by guessing.
 */
export function limitClientFailures({ client, now }: ProviderOptions): Middleware {
  const [ofGateway, ofPrograms] = [failures, failures].map((limits) =>
    createFailureRate({ ...limits, now }),
  )
  const known = createKnown()
  return async (ctx, next) => {
    const named = clientIn(ctx)
    const rate = named === client.id ? ofGateway : ofPrograms
    if (!rate || !path.test(ctx.path)) return next()
    const waitMs = named !== null && known.has(ctx) ? 0 : rate.waitMs(ctx.ip)
    if (waitMs > 0) return refuse(ctx, waitMs)
    await next()
    // Nothing but a right secret is ever answered with 200 or 201 here.
    if ((ctx.status === 200 || ctx.status === 201) && named !== null) known.add(ctx)
    if (ctx.status !== 401) return
    known.delete(ctx)
    rate.fail(ctx.ip)
  }
}

function refuse(ctx: Context, waitMs: number) {
  ctx.status = 429
  ctx.set('retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000))))
  ctx.set('cache-control', 'no-store')
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: 'too many failed attempts, try again later',
  }
}
