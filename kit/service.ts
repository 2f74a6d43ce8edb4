import { z } from 'zod'
import { count, httpUrl, logLevel, milliseconds, port, publicJwks } from './config.ts'
import { databaseEnv, databaseSettings } from './database-config.ts'

/** A part of the system that can be started and stopped: alone in its process, or beside others in one. */
export type Service = {
  /** GraphQL over HTTP, for the gateway only. */
  fetch(request: Request): Promise<Response>
  /** Starts what works without being asked: relay, consumers, timers. */
  start(): Promise<void>
  /** Ends the streams that nothing else would end, as the port closes. */
  drain?(): void
  stop(): Promise<void>
  /** What /readyz asks; each rejects when its part is not usable. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>
}

/**
 * How long /readyz says 503 before the port closes. Behind a balancer it must outlast the probes
 * that it takes to notice; 0, for a laptop, closes at once.
 */
export const drainNotice = z.coerce
  .number('must be a number of milliseconds')
  .int()
  .min(0)
  .max(60_000)
  .default(0)

/** The settings that every subgraph has; a room adds its own to the object. */
export const serviceEnv = (preset: { port: number; metricsPort: number }) => ({
  PORT: port(preset.port),
  METRICS_PORT: port(preset.metricsPort),
  // Not HOSTNAME, which every container finds set to its own name.
  LISTEN_HOST: z.string().default('0.0.0.0'),
  ...databaseEnv,
  DATABASE_CONNECTIONS_MAX: count(10),
  DRAIN_NOTICE_MS: drainNotice,
  IDENTITY_PUBLIC_JWKS: publicJwks,
  // A proxy on the way that closes a silent connection earlier needs less.
  HEARTBEAT_MS: milliseconds(15_000),
  LOG_LEVEL: logLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
})

type ServiceEnv = z.output<z.ZodObject<ReturnType<typeof serviceEnv>>>

/** The same settings by the names that the code uses. */
export const serviceSettings = (env: ServiceEnv) => ({
  port: env.PORT,
  metricsPort: env.METRICS_PORT,
  hostname: env.LISTEN_HOST,
  noticeMs: env.DRAIN_NOTICE_MS,
  database: { ...databaseSettings(env), max: env.DATABASE_CONNECTIONS_MAX },
  identityJwks: env.IDENTITY_PUBLIC_JWKS,
  heartbeatMs: env.HEARTBEAT_MS,
  logLevel: env.LOG_LEVEL,
  traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
})

export type ServiceSettings = ReturnType<typeof serviceSettings>
