import type { Stage } from '../../../gateway/exchange.ts'
import { edgeConfig, startEdge } from '../../../gateway/test/edge-harness.ts'
import type { TestDatabase } from '../../testing/database.ts'
import type { Application } from './provider-under-test.ts'

/** Stands for the graph: tells who the identity stages say is asking. */
const whoAsks: Stage = async ({ viewer, credential, clientId }) =>
  Response.json({
    ...{ credential, clientId },
    id: viewer?.id ?? null,
    roles: viewer?.roles ?? [],
    scopes: [...(viewer?.scopes ?? [])].sort(),
    acr: viewer?.acr ?? null,
  })

export type WhoAsks = {
  readonly credential: 'session' | 'bearer' | 'anonymous'
  readonly clientId: string | null
  readonly id: string | null
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly acr: string | null
}

type Options = {
  readonly application: Application
  readonly issuer: string
  readonly audience: string
  readonly base: TestDatabase
}

/** The gateway's own identity stages on a port of their own, with a clock that tests move. */
export async function startGateway({ application, issuer, audience, base }: Options) {
  const { origin, client } = application
  const clock = { offsetMs: 0 }
  const lines: string[] = []
  const edge = await startEdge({
    ...{ issuer, lines, last: whoAsks },
    sql: base.connect('gateway'),
    now: () => new Date(Date.now() + clock.offsetMs),
    config: {
      publicOrigin: origin,
      cookiePrefix: '',
      provider: {
        ...edgeConfig(issuer).provider,
        ...{ audience, clientId: client.id, clientSecret: client.secret },
      },
    },
  })
  const server = Bun.serve({
    ...{ port: Number(new URL(origin).port), hostname: 'localhost' },
    fetch: (request) => edge.fetch(request),
  })
  return {
    ...{ origin, lines },
    /** Does the work so much later, by the gateway's clock alone. */
    later: async (offsetMs: number, work: () => Promise<void>) => {
      clock.offsetMs = offsetMs
      try {
        await work()
      } finally {
        clock.offsetMs = 0
      }
    },
    /** What a bearer token is answered. */
    asProgram: async (token: string): Promise<{ status: number; body: WhoAsks }> => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${origin}/graphql`, { headers })
      return { status: response.status, body: await response.json() }
    },
    stop: async () => {
      await server.stop(true)
      await edge.stop()
    },
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>
