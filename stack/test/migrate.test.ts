import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MigrateConfig } from '../migrate/config.ts'
import { migrateInstallation } from '../migrate/main.ts'
import { freePort } from '../ports.ts'
import { type Postgres, startPostgres } from '../postgres.ts'

// A server of its own: the job makes roles and databases, which belong to the whole server.
let folder: string
let postgres: Postgres

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexus-migrate-'))
  postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    port: await freePort(),
    durable: false,
  })
}, 60_000)

afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true })
})

const config = (): MigrateConfig => ({
  url: Object.assign(new URL(postgres.adminUrl), { pathname: '/plexus' }).href,
  tls: false,
  keycloakPassword: 'keycloak-in-tests',
  monitorPassword: 'monitor-in-tests',
  passwordOf: (service) => `${service}-in-tests`,
})

test('three at once prepare an empty server: one runs every migration, the others find them', async () => {
  const ran = await Promise.all([0, 1, 2].map(() => migrateInstallation(config())))
  const counts = ran.map((names) => names.length).sort((one, other) => one - other)
  expect(counts.slice(0, 2)).toEqual([0, 0])
  expect(counts[2]).toBeGreaterThan(20)
  expect(await migrateInstallation(config())).toEqual([])
}, 60_000)
