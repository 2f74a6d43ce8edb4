import type { GatewayAppDeps } from './app-deps.ts'
import type { GatewayParts } from './app-parts.ts'
import { identityOf } from './client-sharing.ts'
import { contractFace } from './contract-face.ts'
import { explorerFace } from './explorer/face.ts'
import type { GatewayDeps } from './gateway.ts'
import { idempotentOver } from './idempotent.ts'
import { keptBy } from './kept/wired.ts'
import { canonicalFace } from './operations/canonical.ts'
import { facesOf } from './operations/faces.ts'
import { manifestFace } from './operations/manifest.ts'
import { mcpFace } from './operations/mcp/face.ts'
import { createRest } from './operations/rest/face.ts'
import { siteOf } from './operations/rest/openapi/document.ts'
import { knownVersions } from './operations/versions.ts'
import { costingOf, pricingOf, type ServedGraph } from './served-graph.ts'
import { singleConnection } from './single-connection/face.ts'

/** Every stage over the graph that is served, and the answers that are kept before them. */
export function stagesOf(deps: GatewayAppDeps, parts: GatewayParts, live: ServedGraph) {
  const { config } = deps
  const { sql, redis, edge, graph } = parts
  const { quota, registry, ran } = graph
  const kept = keptBy({ ...deps, registry, redis, served: live.current, ran, quota })
  const idempotent = idempotentOver({
    ...{ ...deps, sql, keys: config.session.keys, operations: graph, quota },
    ...{ schema: () => live.current().view().schema, deadlineMs: config.limits.deadlineMs },
  })
  const stages: GatewayDeps = {
    ...graph,
    ...{ http: edge.http, identity: edge.identity, idempotent },
    faces: facesOver(deps, parts, live),
    engine: live.engine,
    sharing: config.clientSharing ? { identityOf: identityOf() } : undefined,
    pricing: pricingOf(config.cost, () => live.current().weights()),
    ...costingOf(deps, () => live.current().weights()),
    ...(kept && { kept, front: kept.front }),
  }
  return { stages, kept }
}

/** Registered operations at addresses of their own, and what explorers and developers read. */
function facesOver(deps: GatewayAppDeps, { sql, graph, tokens }: GatewayParts, live: ServedGraph) {
  const { config } = deps
  const { registry, webClientId } = graph
  const view = () => live.current().view()
  const weights = () => live.current().weights()
  return knownVersions(
    { registry, webClientId },
    facesOf([
      singleConnection({
        ...{ tokens, streams: graph.streams, heartbeatMs: graph.heartbeatMs, log: deps.log },
        limits: { ...config.streams, unusedMs: 30_000 },
        deadlineMs: config.limits.deadlineMs,
      }),
      contractFace({ contracts: () => live.current().contracts, webClientId }),
      explorerFace({
        ...{ ...deps, sql, engine: live.engine, webClientId },
        pricing: pricingOf(config.cost, weights),
      }),
      // Below /api, which is REST's but for this one.
      manifestFace({ registry, webClientId, view }),
      createRest({
        ...{ ...deps, registry, webClientId, view, site: siteOf(config) },
        schemaOf: (contract) => live.current().contracts.schemaOf(contract),
      }),
      mcpFace({ ...deps, registry, webClientId, view, productName: config.web.productName }),
      canonicalFace,
    ]),
  )
}
