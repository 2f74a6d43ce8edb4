import { randomBytes } from 'node:crypto'
import type { Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { ask, testIdentity } from '../../../stack/testing/subgraph.ts'
import { createAuth } from '../app.ts'
import { configFrom } from '../config.ts'

export const letterKey = { id: 'now', key: new Uint8Array(randomBytes(32)) }

export const now = () => new Date('2027-01-04T09:00:00Z')

/** The room's graph over a fresh database or a given one, without its provider. `statements` collects its SQL. */
export async function newGraph(given?: TestDatabase, env: Record<string, string> = {}) {
  const base = given ?? (await testDatabase())
  const statements: string[] = []
  const { publicJwks, minter } = await testIdentity(now)
  const auth = createAuth({
    config: configFrom({
      DATABASE_URL: base.url('auth'),
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
      EMBEDDED_PROVIDER: 'false',
      LETTER_KEYS: `${letterKey.id}:${Buffer.from(letterKey.key).toString('base64url')}`,
      PROOF_OF_WORK_BITS: '4',
      ...env,
    }),
    log: createLog({ service: 'auth', level: 'silent' }),
    metrics: createMetrics('auth'),
    now,
    onStatement: (text) => statements.push(text),
  })
  return {
    base,
    admin: base.connectAdmin(),
    statements,
    as: (viewer: Viewer | null, query: string, variables: Record<string, unknown> = {}) =>
      ask({ fetch: auth.fetch, name: 'auth', minter }, viewer, { query, variables }),
    stop: async () => {
      await auth.stop()
      if (!given) await base.drop()
    },
  }
}

export type Graph = Awaited<ReturnType<typeof newGraph>>
