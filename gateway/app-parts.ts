import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import { untilMigrated } from '#kit/migrated'
import { newestMigration } from '#kit/newest-migration' with { type: 'macro' }
import { connect } from '#kit/postgres'
import { bucketsOf } from './admission/buckets.ts'
import { createQuota } from './admission/quota.ts'
import type { GatewayAppDeps } from './app-deps.ts'
import { createEdge } from './edge.ts'
import { freeTextFor } from './operations/select.ts'
import { createPublished, type PublishedDeps } from './published.ts'
import { connectRedis } from './redis.ts'
import { createEventIds } from './respond/event-id.ts'
import { handedOn } from './single-connection/hand-on.ts'
import { createTokens } from './single-connection/token.ts'
import { createStreams } from './streams.ts'
import { neighboursOf } from './subgraph-ways.ts'
import { usesIn } from './usage/queries.ts'
import { createUsage } from './usage/usage.ts'

/**
 * What the gateway holds open, and what its stages share. They start in the order in which they
 * need each other; `served` is asked once they have.
 */
export async function openParts(deps: GatewayAppDeps, served: PublishedDeps['served']) {
  const { config } = deps
  const sql = connect({ ...config.database, service: 'gateway' })
  const redis = config.redisUrl ? connectRedis({ ...deps, url: config.redisUrl }) : null
  const published = await createPublished({
    ...deps,
    ...{ file: config.operationsFile, provenFile: config.provenFile, sql, served },
  })
  const { registry, taught } = published
  const tokens = createTokens(config.session.keys, config.instanceUrl)
  const stream = handedOn(tokens)
  const edge = createEdge({ ...deps, sql, registry, neighbours: neighboursOf(deps), stream })
  const webClientId = config.provider.clientId
  const usage = createUsage({ ...deps, add: usesIn(sql), webClientId })
  const { log, metrics, now } = deps
  const { watchSession, watchProgram } = edge
  const buckets = bucketsOf({ sql, redis })
  const graph = {
    streams: createStreams({ limits: config.streams, watchSession, watchProgram, metrics, now }),
    heartbeatMs: config.streams.heartbeatMs,
    eventIds: createEventIds({ keys: config.session.keys.map(({ key }) => key), now }),
    quota: createQuota({ ...deps, buckets, webClientId, limits: config.quota }),
    freeText: freeTextFor({ fromLocalhost: config.exploreFromLocalhost }),
    limits: { outsider: outsiderLimits, explorer: explorerLimits },
    ...{ registry, taught, webClientId, log, metrics, ran: usage.seen },
  }
  return {
    ...{ sql, redis, published, edge, graph, tokens },
    start: async () => {
      const number = newestMigration('gateway/migrations')
      await untilMigrated(sql, { service: 'gateway', number }, { log })
      await edge.start()
      await published.start()
      usage.start()
    },
    stop: async () => {
      await Promise.all([published.stop(), edge.stop(), usage.stop()])
      redis?.close()
      await sql.end({ timeout: 5 })
    },
    reload: () => Promise.all([published.reload(), edge.reloadWeb()]),
  }
}

export type GatewayParts = Awaited<ReturnType<typeof openParts>>
