import type { Log } from './log.ts'

/** Rejects for what is not there; gives `degraded` for what works, and not as it should. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>

export type Health = {
  /**
   * The process runs. An orchestrator restarts it when this fails, so nothing outside it is asked.
   */
  live(): Response
  /**
   * 200 when no check fails, and it says when one is degraded; 503 when one fails or the service
   * drains. Never throws.
   */
  ready(): Promise<Response>
  /** From now on `ready` answers 503, so that no new traffic is sent here. */
  drain(): void
}

type Options = { readonly checks: Checks; readonly log: Log; readonly timeoutMs?: number }

const answer = (status: number, body: object) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

/** Rejects when `work` has not settled in time; the work itself goes on. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Checks run side by side. A change of a check's state leaves one log line; the response tells
 * names only.
 */
export function createHealth({ checks, log, timeoutMs = 2_000 }: Options): Health {
  const failing = new Set<string>()
  let draining = false

  async function stateOf([name, check]: [string, () => Promise<unknown>]) {
    try {
      const state = await within(timeoutMs, check())
      if (failing.delete(name)) log.info(`Readiness check ${name} passes again`)
      return [name, state === 'degraded' ? state : 'ok'] as const
    } catch (error) {
      if (!failing.has(name)) log.warn(`Readiness check ${name} fails`, error)
      failing.add(name)
      return [name, 'failing'] as const
    }
  }

  return {
    live: () => answer(200, { status: 'ok' }),
    ready: async () => {
      if (draining) return answer(503, { status: 'draining' })
      const results = await Promise.all(Object.entries(checks).map(stateOf))
      const states = new Set(results.map(([, state]) => state))
      const ready = !states.has('failing')
      const status = states.has('degraded') ? 'degraded' : 'ready'
      return answer(ready ? 200 : 503, {
        status: ready ? status : 'not ready',
        checks: Object.fromEntries(results),
      })
    },
    drain: () => {
      draining = true
    },
  }
}
