// Hive Gateway with its documented settings for speed; what is shared is the measurement's choice.
import { defineConfig } from '@graphql-hive/gateway'

const { SHARING = 'none', SUPERGRAPH, PORT, PLANNER } = process.env

export const gatewayConfig = defineConfig({
  supergraph: SUPERGRAPH,
  host: '127.0.0.1',
  port: Number(PORT),
  fork: 1,
  // graphql-jit speeds up stitching; the Rust planner has an executor of its own.
  jit: PLANNER !== 'rust',
  inboundInflightRequestDeduplication: SHARING === 'client',
  transportEntries: {
    '*.http': { options: { deduplicateInflightRequests: SHARING === 'subgraph' } },
  },
})
