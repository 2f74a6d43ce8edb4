import { readFile } from 'node:fs/promises'
import { AppError } from '#kit/errors'
import type { Log } from '#kit/log'
import { type Metrics, serveMetrics } from '#kit/metrics'
import { type Running, serve } from '#kit/serve'
import { explorerLimits } from '../admission/limits.ts'
import { startDeadline } from '../deadline.ts'
import { rulesOf } from '../engine/authorize/rules.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'
import { forwarding } from '../engine/transport/credentials.ts'
import { transportTo } from '../engine/transport/index.ts'
import { observedBy } from '../engine/transport/observed.ts'
import { exchangeOf, type RequestInfo, type Stage } from '../exchange.ts'
import { createGateway, type EngineOver, provenEngine } from '../gateway.ts'
import { http } from '../http/http.ts'
import type { Route, Routes } from '../http/routes.ts'
import { registryFrom } from '../operations/registry.ts'
import { createStreams } from '../streams.ts'
import type { StandaloneConfig } from './config.ts'
import { graphFrom, type ServedGraph, textOf } from './graph-file.ts'

export type StandaloneDeps = {
  readonly config: StandaloneConfig
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}

export type StandaloneApp = {
  /** One request without a port. */
  fetch(request: Request, info: RequestInfo): Promise<Response>
  /** Opens the ports; resolves to where the gateway answers. Throws PortTakenError. */
  start(): Promise<URL>
  /** Finishes what is in flight, then closes everything that `start` opened. */
  stop(): Promise<void>
}

/** A gateway of nothing but a supergraph. Throws GraphFileError. */
export async function createStandaloneApp(deps: StandaloneDeps): Promise<StandaloneApp> {
  const { config, log, metrics, now } = deps
  const served = graphFrom(await textOf(config), config)
  const streams = createStreams({
    limits: config.streams,
    watchSession: () => () => {},
    metrics,
    now,
  })
  const limits = { ...explorerLimits, introspection: config.introspection }
  const graph = {
    ...{ streams, heartbeatMs: config.streams.heartbeatMs, log, metrics },
    registry: await registryAt(config.operationsFile),
    webClientId: '',
    quota: async () => {},
    freeText: () => true,
    limits: { outsider: limits, explorer: limits },
  }
  const engineOver: EngineOver = (supergraph, transports) =>
    createStitchedEngine({
      ...{ supergraph, transports },
      rules: rulesOf(supergraph),
      eventMs: config.limits.deadlineMs,
    })
  const transports = transportsOf(served, deps)
  const engine = await provenEngine({ ...served, transports, engineOver }, graph)
  const gateway = createGateway({ http: httpStage(deps), identity: nobody, engine, ...graph })
  const fetch: StandaloneApp['fetch'] = async (request, info) => {
    const deadline = startDeadline(request.signal, config.limits.deadlineMs)
    try {
      return await gateway(exchangeOf(request, info, deadline.signal))
    } finally {
      deadline.clear()
    }
  }
  return { fetch, ...portsOf(deps, fetch, () => streams.drain()) }
}

const registryAt = async (file: string | null) =>
  registryFrom(file === null ? '[]' : await readFile(file, 'utf8'))

const transportsOf = ({ urls }: ServedGraph, { config, log, metrics, now }: StandaloneDeps) => {
  const deps = {
    ...{ credentials: forwarding(config.forwardHeaders), log, now },
    ...{ settings: config.transport, observer: observedBy(metrics) },
  }
  return new Map([...urls].map(([name, url]) => [name, transportTo({ name, url }, deps)]))
}

/** Everybody is anonymous: what a rule guards is denied to all of them. */
const nobody: Stage = (_exchange, next) => next()

const graphRoute: Route = {
  name: '/graphql',
  methods: ['GET', 'POST'],
  body: 'json',
  answers: 'json',
  shared: true,
  handle: (_, next) => next(),
}

const nothing: Route = {
  ...graphRoute,
  ...{ name: 'other', methods: ['GET', 'HEAD', 'POST'], body: 'none', answers: 'any' },
  handle: async () => {
    throw new AppError('NOT_FOUND', 'There is nothing at this address; the graph is at /graphql.')
  },
}

const routes: Routes = { routeOf: (path) => (path === '/graphql' ? graphRoute : nothing) }

function httpStage({ config, log }: StandaloneDeps): Stage {
  const { port, limits, allowedOrigins } = config
  const publicOrigin = `http://localhost:${port}`
  return http({
    routes,
    origins: {
      publicOrigin,
      allowedOrigins: [...allowedOrigins, `http://127.0.0.1:${port}`],
    },
    providerOrigin: publicOrigin,
    bodyBytesMax: limits.bodyBytesMax,
    log,
  })
}

function portsOf(deps: StandaloneDeps, fetch: StandaloneApp['fetch'], closing: () => void) {
  const { config, log, metrics } = deps
  const { hostname, port, metricsPort, noticeMs, limits, streams } = config
  const opened: { stop(): Promise<void> }[] = []
  const open = async (): Promise<Running> => {
    if (metricsPort !== null) {
      const scrape = { port: metricsPort, portSetting: 'GATEWAY_METRICS_PORT' }
      opened.push(serveMetrics({ metrics, hostname, ...scrape }))
    }
    const server = await serve({
      ...{ service: 'gateway', log, metrics, fetch, hostname, port, noticeMs, closing },
      portSetting: 'GATEWAY_PORT',
      bodyBytesMax: limits.bodyBytesMax * 16,
      idleTimeoutSeconds: Math.min(
        255,
        Math.ceil(Math.max(limits.deadlineMs, streams.heartbeatMs) / 1_000) + 20,
      ),
    })
    opened.push(server)
    return server
  }
  const stop = async () => {
    for (const port of opened.splice(0).reverse()) await port.stop()
  }
  return {
    start: async () => {
      try {
        return (await open()).url
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
  }
}
