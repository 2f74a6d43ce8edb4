import { join } from 'node:path'
import { createLog, type LogLevel } from '#kit/log'
import { createMetrics, type Metrics } from '#kit/metrics'
import type { Service } from '#kit/service'
import { createGatewayApp } from '../gateway/app.ts'
import type { GatewayApp } from '../gateway/app-deps.ts'
import { configFrom } from '../gateway/config.ts'
import type { Environment, ServiceName } from './environment.ts'
import { mergedMetrics } from './metrics-text.ts'
import { createRoom, roomNames } from './rooms.ts'

export type System = {
  /** Where people and programs reach the gateway. */
  readonly origin: string
  readonly rooms: ReadonlyMap<string, Service>
  readonly gateway: GatewayApp
  /** Drains the gateway first, then the subgraphs, so that no request in flight loses its other half. */
  stop(): Promise<void>
}

export type SystemOptions = {
  readonly environments: Record<ServiceName, Environment>
  readonly now: () => Date
  /** Receives the JSON log lines of all services. */
  readonly write: (line: string) => void
  /** Gives a room a port of its own, for the gateway to reach it there; without it, in this process. */
  readonly openDoor?: (name: string, room: Service) => Promise<Door>
}

/** Where a room answers over HTTP. */
export type Door = { readonly url: string; stop(): Promise<void> }

const root = join(import.meta.dir, '..')

type Parts = Pick<SystemOptions, 'now' | 'write'> & { readonly metrics: Map<string, Metrics> }

/** What a service is built from; `parts.metrics` keeps its metrics for the scrape of the whole. */
function surroundingsOf(service: string, level: LogLevel, { now, write, metrics }: Parts) {
  // The process is scraped once, as the gateway's.
  const own = createMetrics(service, { ofProcess: service === 'gateway' })
  metrics.set(service, own)
  return { log: createLog({ service, level, write }), metrics: own, now }
}

const scrapeOf = async (all: ReadonlyMap<string, Metrics>) =>
  mergedMetrics(await Promise.all([...all.values()].map((metrics) => metrics.text())))

/**
 * The whole system in one process; its parts share nothing but the process. Throws ConfigError, PortTakenError, or
 * what a self-test found; nothing runs on then.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { environments, now, write } = options
  const parts: Parts = { now, write, metrics: new Map() }
  const rooms = new Map<string, Service>()
  const doors = new Map<string, Door>()
  const stopRooms = async () => {
    for (const room of rooms.values()) room.drain?.()
    for (const door of doors.values()) await door.stop()
    for (const room of rooms.values()) await room.stop()
  }
  try {
    for (const name of roomNames) {
      const of = (level: LogLevel) => surroundingsOf(name, level, parts)
      const room = await createRoom(name, environments[name], of)
      rooms.set(name, room)
      await room.start()
      if (options.openDoor) doors.set(name, await options.openDoor(name, room))
    }
    const way = doors.size > 0 ? { doors } : { rooms }
    const { gateway, origin } = await startGateway(environments.gateway, way, parts)
    const stop = async () => {
      await gateway.stop()
      await stopRooms()
    }
    return { origin, rooms, gateway, stop }
  } catch (error) {
    await stopRooms()
    throw error
  }
}

type Way = { rooms?: ReadonlyMap<string, Service>; doors?: ReadonlyMap<string, Door> }

const urlsOf = (doors: ReadonlyMap<string, Door>) => ({
  SUBGRAPH_URLS: [...doors].map(([name, { url }]) => `${name}=${url}`).join(','),
})

async function startGateway(env: Environment, { rooms, doors }: Way, parts: Parts) {
  const config = configFrom({
    ...env,
    ...(doors && urlsOf(doors)),
    SUPERGRAPH_FILE: join(root, 'schema/supergraph.graphql'),
    OPERATIONS_FILE: join(root, 'schema/operations.json'),
  })
  const surroundings = surroundingsOf('gateway', config.logLevel, parts)
  const gateway = await createGatewayApp({
    ...surroundings,
    metrics: { ...surroundings.metrics, text: () => scrapeOf(parts.metrics) },
    metricsPortSetting: 'METRICS_PORT',
    config,
    ...(rooms && { rooms }),
  })
  await gateway.start()
  return { gateway, origin: config.publicOrigin }
}
