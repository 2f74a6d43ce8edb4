import type { CostSettings } from '#kit/cost/settings'
import { weightsOf } from '#kit/cost/weights'
import { explorerLimits, type Limits, outsiderLimits } from '#kit/document/limits'
import { errorResponse } from '#kit/errors'
import { createMinter, type Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { costObserver, createCosting } from '../admission/cost/charge.ts'
import { engineByContract } from '../contract-engine.ts'
import { contractsOf } from '../contract-graph.ts'
import { graceMs, startDeadline, within } from '../deadline.ts'
import { rejectingEngine } from '../engine/authorize/reject.ts'
import { type Rules, rulesOf } from '../engine/authorize/rules.ts'
import { createCompiledEngine } from '../engine/compiled.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { mintedBy } from '../engine/transport/credentials.ts'
import { transportTo } from '../engine/transport/index.ts'
import type { TransportSettings } from '../engine/transport/settings.ts'
import { type Credential, exchangeOf, inOrder, type Stage } from '../exchange.ts'
import type { Pricing } from '../explorer/fetch-cost.ts'
import { createGraph, type GraphDeps } from '../gateway.ts'
import { registryFrom } from '../operations/registry.ts'
import { createEventIds } from '../respond/event-id.ts'
import { createStreams, type StreamLimits, type WatchSession } from '../streams.ts'
import {
  type Asked,
  type Broken,
  type FakeRoom,
  type FakeSubgraph,
  fakeSubgraphs,
  fakeSupergraph,
  identityKeys,
} from './fake-subgraphs.ts'
import { forcedInto, type Lane, lanes } from './lanes.ts'

export type Way = 'local' | 'http'
export const ways: readonly Way[] = ['local', 'http']

export const engines = { stitched: createStitchedEngine, compiled: createCompiledEngine }
export type EngineName = keyof typeof engines
export const engineNames: readonly EngineName[] = ['stitched', 'compiled']

/** A way through the gateway. */
export type Setup = {
  readonly way?: Way
  readonly lane?: Lane
  readonly engine?: EngineName
}

/** All of them, with a name for each: none may make a difference. */
export const setups: readonly (readonly [string, Setup])[] = engineNames.flatMap((engine) =>
  ways.flatMap((way) =>
    lanes.map((lane) => [`${engine}, ${way}, ${lane} lane`, { engine, way, lane }] as const),
  ),
)

export type HarnessOptions = Setup &
  Partial<
    Pick<GraphDeps, 'registry' | 'taught' | 'freeText' | 'limits' | 'quota' | 'sharing' | 'kept'>
  > & {
    readonly rules?: Rules
    /** In front of the graph; nothing where it is left out. */
    readonly faces?: Stage
    /** Whether text is read by the contract of whoever sends it. */
    readonly byContract?: boolean
    /** Without it nobody counts what operations cost. */
    readonly cost?: CostSettings
    /** Whether an operation is refused as a whole for what its caller may not read. */
    readonly unauthorized?: 'filter' | 'reject'
    /** What differs from a transport that adds nothing of its own to a request. */
    readonly transport?: Partial<TransportSettings>
    readonly deadlineMs?: number
    readonly heartbeatMs?: number
    readonly streams?: Partial<StreamLimits>
    readonly watchSession?: WatchSession
    readonly now?: () => Date
    /** Other subgraphs than the fake ones, and what they compose to. */
    readonly rooms?: readonly FakeRoom[]
    readonly supergraph?: string
  }

export type Caller = {
  /** Null, as without a caller at all, is anonymous. */
  readonly scopes?: readonly string[]
  readonly credential?: Credential
  readonly clientAddress?: string
  /** What else is different about them. */
  readonly viewer?: Partial<Viewer>
  /** The program that a bearer token was given to. */
  readonly clientId?: string
}

export type Told = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly requestId: string }
}

export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly data?: unknown
  readonly errors?: readonly Told[]
}

const boundless: Limits = {
  characters: 1e9,
  tokens: 1e9,
  operations: 1e9,
  rootFields: 1e9,
  fields: 1e9,
  depth: 1e9,
  levels: 1e9,
  aliases: 1e9,
  directives: 1e9,
  valueDepth: 1e9,
  comparisons: 1e9,
  introspection: true,
}

/** For the twin of a gateway that a limit protects. */
export const noLimits = { outsider: boundless, explorer: boundless }

/** One request at the subgraph for each of the engine's, whatever happened before. */
const plainTransport: Partial<TransportSettings> = {
  answerBytesMax: 1_000_000,
  sharing: false,
  retriesMax: 0,
  breaker: null,
}

/** An admin: may send text and look at the schema. */
export const explorer: Caller = { scopes: ['operations:explore'], credential: 'session' }

const handOn: Stage = (_, next) => next()

const identityOf =
  ({ scopes, clientId, viewer, credential = scopes ? 'session' : 'anonymous' }: Caller): Stage =>
  (exchange, next) => {
    exchange.credential = credential
    exchange.clientId = clientId ?? null
    exchange.viewer = scopes
      ? {
          id: '00000000-0000-7000-8000-000000000001',
          roles: [],
          scopes: new Set(scopes),
          acr: '1',
          actor: null,
          sessionId: 'session-1',
          ...viewer,
        }
      : null
    return next()
  }

/**
 * What the real first stage does for the others: ends at the deadline, and turns what is thrown
 * into JSON.
 */
const httpStage: Stage = (exchange, next) =>
  within(exchange.signal, next, graceMs).catch((error: unknown) =>
    errorResponse(error, exchange.requestId),
  )

/** The same for all instances. */
const eventKey = crypto.getRandomValues(new Uint8Array(32))

/** A whole gateway over fake subgraphs; only sign-in is replaced, by saying who calls. */
export function startHarness(options: HarnessOptions = {}) {
  const asked: Asked[] = []
  const broken: Broken = new Map()
  const lines: string[] = []
  const log = createLog({ service: 'gateway', write: (line) => lines.push(line) })
  const metrics = createMetrics('gateway')
  const minter = createMinter({ privateJwk: identityKeys.private, now: () => new Date() })
  const settings = { ...plainTransport, ...options.transport }
  const supergraph = supergraphFrom(options.supergraph ?? fakeSupergraph)
  const weights = weightsOf(supergraph.document)
  const servers: Bun.Server<undefined>[] = []

  const wayTo = ({ fetch }: FakeSubgraph) => {
    if (options.way !== 'http') return { fetch }
    const server = Bun.serve({ port: 0, idleTimeout: 0, fetch })
    servers.push(server)
    return { url: `http://127.0.0.1:${server.port}/graphql` }
  }
  const transportDeps = { credentials: mintedBy(minter), log, settings }

  const streams = createStreams({
    limits: { perCallerMax: 20, maxAgeMs: 60_000, ...options.streams },
    watchSession: options.watchSession ?? (() => () => {}),
    ...{ metrics, now: options.now ?? (() => new Date()) },
  })
  const guarded = { supergraph, rules: options.rules ?? rulesOf(supergraph) }
  const reaching = {
    ...{ ...guarded, eventMs: options.deadlineMs ?? 5_000 },
    transports: new Map(
      fakeSubgraphs(asked, broken, options.rooms).map((subgraph) => [
        subgraph.name,
        transportTo({ name: subgraph.name, ...wayTo(subgraph) }, transportDeps),
      ]),
    ),
  }
  const engineOver = engines[options.engine ?? 'stitched']
  const filtering = engineOver(reaching)
  const unnarrowed =
    options.unauthorized === 'reject' ? rejectingEngine(filtering, guarded) : filtering
  const { narrowed } = contractsOf(supergraph)
  const engine = options.byContract
    ? engineByContract(unnarrowed, (one) => engineOver({ ...reaching, supergraph: narrowed(one) }))
    : unnarrowed
  const asking = {
    registry: options.registry ?? registryFrom('[]'),
    ...(options.taught && { taught: options.taught }),
    freeText: options.freeText ?? (() => true),
    webClientId: 'web-client',
  }
  const laneCounts = { open: 0, fast: 0 }
  const graph = createGraph({
    ...{ streams, heartbeatMs: options.heartbeatMs ?? 60_000 },
    eventIds: createEventIds({ keys: [eventKey], now: options.now ?? (() => new Date()) }),
    ...asking,
    sharing: options.sharing,
    kept: options.kept,
    quota: options.quota ?? (async () => null),
    limits: options.limits ?? { outsider: outsiderLimits, explorer: explorerLimits },
    engine,
    pricing: pricingOf(options.cost, weights),
    ...(options.cost && {
      costing: createCosting({
        weights: () => weights,
        settings: options.cost,
        observe: costObserver(metrics),
      }),
    }),
    lanes: forcedInto({
      ...{ engine, lane: options.lane, operations: asking },
      seen: (lane) => {
        laneCounts[lane] += 1
      },
    }),
    ...{ log, metrics },
  })

  async function send(request: Request, caller: Caller = {}): Promise<Response> {
    const gateway = inOrder([httpStage, identityOf(caller), options.faces ?? handOn, graph])
    const info = { requestId: 'request-1', clientAddress: caller.clientAddress ?? '192.0.2.7' }
    const deadline = startDeadline(request.signal, options.deadlineMs ?? 5_000)
    return gateway(exchangeOf(request, info, deadline.signal)).finally(deadline.clear)
  }

  async function post(body: unknown, caller?: Caller, headers: HeadersInit = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const request = new Request('http://localhost:3000/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    })
    return answered(await send(request, caller))
  }

  return {
    asked,
    broken,
    lines,
    metrics,
    streams,
    /** Stages three to six alone. */
    graph,
    engine,
    /** How many requests went by each lane. */
    laneCounts,
    send,
    post,
    ask: (query: string, caller?: Caller, variables?: Record<string, unknown>) =>
      post({ query, variables }, caller, { accept: 'application/graphql-response+json' }),
    get: async (query: Record<string, string>, caller?: Caller) => {
      const url = `http://localhost:3000/graphql?${new URLSearchParams(query)}`
      return answered(await send(new Request(url), caller))
    },
    stop: () => Promise.all(servers.map((server) => server.stop(true))),
  }
}

const pricingOf = (cost: CostSettings | undefined, weights: Pricing['weights']) =>
  cost && (() => ({ weights, listSize: cost.listSize, max: cost.max.explorer }))

export type Harness = ReturnType<typeof startHarness>

async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  const body: { data?: unknown; errors?: Told[] } = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, text, ...body }
}
