import { join } from 'node:path'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { type Running, serve } from '#kit/serve'
import { createVault } from '#kit/vault'
import { configFrom } from '../../gateway/config.ts'
import { createSessionStore } from '../../gateway/identity/session-store.postgres.ts'
import type { SignIn } from '../../gateway/identity/session-store.ts'
import { clientSecret, startProvider } from '../../gateway/test/provider.ts'
import { freePort } from '../ports.ts'
import { type TestSystem, testSystem, until } from './system.ts'

const main = join(import.meta.dir, '../../gateway/main.ts')

/** One gateway in a process of its own. */
export type Instance = { readonly url: string; readonly child: Bun.Subprocess }

async function roomsOverHttp({ system }: TestSystem): Promise<Running[]> {
  const log = createLog({ service: 'fleet', level: 'silent' })
  const doors: Running[] = []
  for (const [name, { fetch }] of system.rooms) {
    const metrics = createMetrics(name)
    doors.push(
      await serve({ ...{ service: name, log, metrics, fetch }, port: 0, portSetting: 'PORT' }),
    )
  }
  return doors
}

async function startInstance(env: Record<string, string>): Promise<Instance> {
  const port = await freePort()
  const child = Bun.spawn([process.execPath, main], {
    env: { ...env, GATEWAY_PORT: String(port), GATEWAY_METRICS_PORT: '0' },
    ...{ stdout: 'ignore', stderr: 'inherit' },
  })
  return { url: `http://127.0.0.1:${port}`, child }
}

const isReady = async ({ url }: Instance) =>
  (await fetch(`${url}/readyz`).catch(() => null))?.ok ?? false

/**
 * Gateways in processes of their own over one database and real subgraphs, as in a cluster. Their
 * provider is the one that tests bend.
 */
export async function startFleet(count = 3) {
  const provider = await startProvider()
  const system = await testSystem()
  const doors = await roomsOverHttp(system)
  const names = [...system.system.rooms.keys()]
  const urls = doors.map(({ url }, index) => `${names[index]}=http://127.0.0.1:${url.port}/graphql`)
  const env = {
    ...system.environments.gateway,
    ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_SECRET: clientSecret },
    ...{ SUBGRAPH_URLS: urls.join(','), COOKIE_PREFIX: 'none', LOG_LEVEL: 'error' },
  }
  const instances = await Promise.all(Array.from({ length: count }, () => startInstance(env)))
  await until(async () => (await Promise.all(instances.map(isReady))).every(Boolean), 30_000)
  const { session, publicOrigin } = configFrom(env)
  const store = createSessionStore({
    ...{ ...session, sql: system.db.connect('gateway'), now: () => new Date() },
    vault: createVault(session.keys),
  })
  return {
    ...{ provider, system, instances, origin: publicOrigin },
    /** Signed in without a page: what a browser would send along from now on. */
    openSession: async (signIn: Partial<SignIn> = {}) => {
      const { secret, session: opened } = await store.open(signInOf(signIn), {
        ...{ device: 'Fleet', address: '127.0.0.1' },
      })
      return { cookie: `plexus=${secret}`, id: opened.id, personId: opened.personId }
    },
    restart: async (index: number) => {
      const instance = await startInstance(env)
      instances[index] = instance
      await until(() => isReady(instance), 30_000)
    },
    stop: async () => {
      for (const { child } of instances) child.kill('SIGTERM')
      await Promise.all(instances.map(({ child }) => child.exited))
      for (const door of doors) await door.stop()
      await system.stop()
      provider.stop()
    },
  }
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>
export type FleetSession = Awaited<ReturnType<Fleet['openSession']>>

const hourMs = 3_600_000

function signInOf(change: Partial<SignIn>): SignIn {
  const personId = change.personId ?? crypto.randomUUID()
  return {
    ...{ personId, subject: personId, displayName: 'Ada', roles: ['COACH'], acr: '1' },
    providerSid: crypto.randomUUID(),
    tokens: {
      ...{ accessToken: '', refreshToken: 'unused', idToken: '' },
      accessExpiresAt: Date.now() + hourMs,
    },
    ...change,
  }
}
