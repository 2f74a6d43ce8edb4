import type { Context, Middleware } from 'oidc-provider'
import { createFailureRate } from './rate.ts'
import type { ProviderOptions } from './settings.ts'

/** Failed client sign-ins of one network within ten minutes. */
const failures = { limit: 60, windowMs: 10 * 60_000 }

/** The endpoints where a client presents its secret. */
const path = /^\/token(\/|$)/

/** The client that the header names; null when it names none that can be read. */
function clientIn(ctx: Context): string | null {
  const [, encoded] = /^Basic +([\w+/]+=*)$/i.exec(ctx.get('authorization')) ?? []
  return encoded ? (Buffer.from(encoded, 'base64').toString().split(':')[0] ?? null) : null
}

/**
 * Guessing secrets ends with 429. The gateway is counted apart: nobody who shares its network can
 * keep people from signing in.
 */
export function limitClientFailures({ client, now }: ProviderOptions): Middleware {
  const [ofGateway, ofPrograms] = [failures, failures].map((limits) =>
    createFailureRate({ ...limits, now }),
  )
  return async (ctx, next) => {
    const rate = clientIn(ctx) === client.id ? ofGateway : ofPrograms
    if (!rate || !path.test(ctx.path)) return next()
    const waitMs = rate.waitMs(ctx.ip)
    if (waitMs > 0) return refuse(ctx, waitMs)
    await next()
    if (ctx.status === 401) rate.fail(ctx.ip)
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
