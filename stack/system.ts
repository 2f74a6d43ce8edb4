import { join } from 'node:path'
import { createLog, type Log } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import type { Service } from '#kit/service'
import { createGatewayApp, type GatewayApp } from '../gateway/app.ts'
import { configFrom } from '../gateway/config.ts'
import type { Environment, ServiceName } from './environment.ts'
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
}

const root = join(import.meta.dir, '..')

const surroundingsOf = (service: string, env: Environment, { now, write }: SystemOptions) => ({
  log: logOf(service, env, write),
  metrics: createMetrics(service),
  now,
})

function logOf(service: string, env: Environment, write: (line: string) => void): Log {
  const level = env.LOG_LEVEL === 'silent' ? 'silent' : 'info'
  return createLog({ service, level, write })
}

/** Starts the subgraphs of this machine in this process; they share nothing but the process. */
export async function startRooms(options: SystemOptions): Promise<ReadonlyMap<string, Service>> {
  const rooms = new Map<string, Service>()
  for (const name of roomNames) {
    const env = options.environments[name]
    const room = await createRoom(name, env, surroundingsOf(name, env, options))
    await room.start()
    rooms.set(name, room)
  }
  return rooms
}

/** The whole system in one process. Throws ConfigError, PortTakenError, or what a self-test found. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const rooms = await startRooms(options)
  const env = options.environments.gateway
  const config = configFrom({
    ...env,
    SUPERGRAPH_FILE: join(root, 'schema/supergraph.graphql'),
    OPERATIONS_FILE: join(root, 'schema/operations.json'),
  })
  const gateway = await createGatewayApp({
    ...surroundingsOf('gateway', env, options),
    config,
    rooms,
  })
  await gateway.start()
  return {
    origin: config.publicOrigin,
    rooms,
    gateway,
    stop: async () => {
      await gateway.stop()
      for (const room of rooms.values()) await room.stop()
    },
  }
}
