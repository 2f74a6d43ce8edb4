import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Config } from './config.ts'
import type { RequestInfo } from './exchange.ts'

export type GatewayAppDeps = {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
  /** Subgraphs that run in this process, by name; the others are asked over the network. */
  readonly rooms?: ReadonlyMap<string, Room>
  /** The variable that moves the private port, where it is not GATEWAY_METRICS_PORT. */
  readonly metricsPortSetting?: string
}

type Room = { fetch(request: Request): Promise<Response> }

export type GatewayApp = {
  /** One request without a port. */
  fetch(request: Request, info: RequestInfo): Promise<Response>
  /** Opens both ports. Throws PortTakenError. */
  start(): Promise<void>
  /** Finishes what is in flight, then closes everything that `start` opened. */
  stop(): Promise<void>
  /** Reads the registered operations, the web client and the supergraph again, after a build. */
  reload(): Promise<void>
}
