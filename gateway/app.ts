import { readFile } from 'node:fs/promises'
import { createMinter } from '#kit/identity-token'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Pool } from '#kit/postgres'
import { explorerLimits, outsiderLimits } from './admission/limits.ts'
import type { Config } from './config.ts'
import { createEdge } from './edge.ts'
import { rulesOf } from './engine/rules.ts'
import { createStitchedEngine } from './engine/stitched.ts'
import { supergraphFrom } from './engine/supergraph.ts'
import { httpTransport } from './engine/transport.http.ts'
import { localTransport } from './engine/transport.local.ts'
import type { Transport } from './engine/transport.ts'
import { exchangeOf, type RequestInfo } from './exchange.ts'
import { createGateway } from './gateway.ts'
import { startDeadline } from './http/deadline.ts'
import { type Registry, registryFrom } from './operations/registry.ts'
import { freeTextFor } from './operations/select.ts'

export type GatewayAppDeps = {
  readonly config: Config
  /** A pool as `svc_gateway`. */
  readonly sql: Pool
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
  /** Subgraphs that run in this process, by name; the others are asked over the network. */
  readonly local?: ReadonlyMap<string, (request: Request) => Promise<Response>>
}

export type GatewayApp = {
  fetch(request: Request, info: RequestInfo): Promise<Response>
  start(): Promise<void>
  stop(): Promise<void>
  /** Reads the registered operations and the web client again, after a build. */
  reload(): Promise<void>
  /** What /readyz asks. The provider is not among it: who is signed in does not need it. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>
}

/** Larger answers of a subgraph count as none. */
const answerBytesMax = 16 * 1_048_576

/** The gateway without a port. Rejects when the supergraph or the registered operations cannot be used. */
export async function createGatewayApp(deps: GatewayAppDeps): Promise<GatewayApp> {
  const { config, sql, log } = deps
  const edge = createEdge(deps)
  const operations = await registryAt(config.operationsFile)
  const supergraph = supergraphFrom(await readFile(config.supergraphFile, 'utf8'))
  const gateway = createGateway({
    http: edge.http,
    identity: edge.identity,
    registry: operations,
    freeText: freeTextFor({ fromLocalhost: config.exploreFromLocalhost }),
    limits: { outsider: outsiderLimits, explorer: explorerLimits },
    engine: createStitchedEngine({
      supergraph,
      rules: rulesOf(supergraph),
      transports: transportsOf(deps),
    }),
    log,
  })
  return {
    fetch: async (request, info) => {
      const deadline = startDeadline(request.signal, config.limits.deadlineMs)
      try {
        return await gateway(exchangeOf(request, info, deadline.signal))
      } finally {
        deadline.clear()
      }
    },
    start: edge.start,
    stop: edge.stop,
    reload: async () => {
      await Promise.all([operations.reload(), edge.reloadWeb()])
    },
    checks: {
      database: async () => {
        await sql`select 1`
      },
    },
  }
}

async function registryAt(file: string): Promise<Registry & { reload(): Promise<void> }> {
  const read = async () => registryFrom(await readFile(file, 'utf8'))
  let current = await read()
  return {
    byHash: (hash) => current.byHash(hash),
    reload: async () => {
      current = await read()
    },
  }
}

function transportsOf({ config, local, log, now }: GatewayAppDeps): Map<string, Transport> {
  const minter = createMinter({ privateJwk: config.identityPrivateJwk, now })
  return new Map(
    config.subgraphs.map(({ name, url }) => {
      const fetch = local?.get(name)
      const way = { name, minter, log }
      const transport = fetch
        ? localTransport({ ...way, fetch })
        : httpTransport({ ...way, url, answerBytesMax })
      return [name, transport]
    }),
  )
}
