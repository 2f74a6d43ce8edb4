import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import { errorResponse } from '#kit/errors'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { forwarding } from '../../engine/transport/credentials.ts'
import { transportTo } from '../../engine/transport/index.ts'
import { exchangeOf, inOrder, type Stage } from '../../exchange.ts'
import { createGraph } from '../../gateway.ts'
import { createLiveGraph } from '../../live-graph.ts'
import { facesOf } from '../../operations/faces.ts'
import { registryFrom } from '../../operations/registry.ts'
import { createEventIds } from '../../respond/event-id.ts'
import { singleConnection } from '../../single-connection/face.ts'
import { handedOn } from '../../single-connection/hand-on.ts'
import { createTokens } from '../../single-connection/token.ts'
import { createStreams } from '../../streams.ts'
import { type EngineName, engines } from '../harness.ts'
import { graphs } from './feed.ts'

type Fetch = (request: Request) => Promise<Response>

type InstanceOptions = {
  readonly subgraphs: Readonly<Record<string, { readonly fetch: Fetch } | { readonly url: string }>>
  readonly engine?: EngineName
  readonly key?: Uint8Array
  readonly now?: () => Date
  readonly heartbeatMs?: number
  readonly sdl?: string
  /** Where other instances reach this one. */
  readonly url?: string
  readonly unusedMs?: number
}

/** All instances of one gateway have this one. */
const sharedKey = crypto.getRandomValues(new Uint8Array(32))

const as =
  (person: string | null): Stage =>
  (exchange, next) => {
    exchange.credential = person === null ? 'anonymous' : 'session'
    exchange.viewer = person === null ? null : { ...nobodySpecial, id: person }
    return next()
  }

const nobodySpecial = {
  ...{ roles: [], scopes: new Set<string>(), acr: '1', actor: null, sessionId: null },
} as const

/** One of several gateways over the same subgraphs, whose graph may be swapped. */
export async function startInstance(options: InstanceOptions) {
  const { key = sharedKey, now = () => new Date(), engine = 'compiled', heartbeatMs = 50 } = options
  const log = createLog({ service: 'gateway', write: () => {} })
  const metrics = createMetrics('gateway')
  const deps = { credentials: forwarding([]), log, settings: { breaker: null } }
  const transports = new Map(
    Object.entries(options.subgraphs).map(([name, way]) => [
      name,
      transportTo({ name, ...way }, deps),
    ]),
  )
  const build = async (text: string) => {
    const supergraph = supergraphFrom(text)
    return { engine: engines[engine]({ supergraph, rules: rulesOf(supergraph), transports }) }
  }
  const sdl = options.sdl ?? graphs['text from the feed']
  const live = await createLiveGraph({ sdl, build, log, metrics })
  const limits = { perCallerMax: 10_000, maxAgeMs: 600_000 }
  const streams = createStreams({ limits, watchSession: () => () => {}, metrics, now })
  const graph = createGraph({
    ...{ streams, heartbeatMs, log, metrics, engine: live.engine, webClientId: '' },
    eventIds: createEventIds({ keys: [key], now }),
    registry: registryFrom('[]'),
    freeText: () => true,
    quota: async () => null,
    limits: { outsider: outsiderLimits, explorer: explorerLimits },
  })
  const tokens = createTokens([{ id: 'a', key }], options.url ?? null)
  const face = singleConnection({
    ...{ tokens, streams, heartbeatMs, log },
    limits: { perCallerMax: 3, unusedMs: options.unusedMs ?? 30_000 },
    deadlineMs: 5_000,
  })
  const send = (request: Request, person: string | null = null): Promise<Response> => {
    const exchange = exchangeOf(
      request,
      { requestId: 'request-1', clientAddress: '192.0.2.7' },
      request.signal,
    )
    return inOrder([handedOn(tokens), as(person), facesOf([face]), graph])(exchange).catch(
      (error) => errorResponse(error, 'request-1'),
    )
  }
  return { send, streams, offer: live.offer }
}

export type Instance = Awaited<ReturnType<typeof startInstance>>
