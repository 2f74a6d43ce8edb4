import type { Stage } from '../../../gateway/exchange.ts'
import { edgeConfig, startEdge } from '../../../gateway/test/edge-harness.ts'
import type { TestDatabase } from '../../testing/database.ts'
import type { Application } from './parties.ts'

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
  const sql = base.connect('gateway')
  const newInstance = () =>
    startEdge({
      ...{ issuer, lines, last: whoAsks, sql },
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
  let edge = await newInstance()
  const server = Bun.serve({
    ...{ port: Number(new URL(origin).port), hostname: 'localhost' },
    fetch: (request) => edge.fetch(request),
  })
  return {
    ...{ origin, lines },
    /**
     * Lets the work move the gateway's clock, which only goes forward. Afterwards an instance
     * goes on that never saw the future.
     */
    travel: async (work: (to: (offsetMs: number) => void) => Promise<void>) => {
      try {
        await work((offsetMs) => {
          clock.offsetMs = Math.max(clock.offsetMs, offsetMs)
        })
      } finally {
        const past = edge
        clock.offsetMs = 0
        edge = await newInstance()
        await past.stop()
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
