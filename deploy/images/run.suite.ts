import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { connect } from '#kit/postgres'
import { databaseServices, subgraphs } from '#schema/subgraphs'
import { environmentsOf } from '../../stack/environment.ts'
import { freePort } from '../../stack/ports.ts'
import { type Postgres, startPostgres } from '../../stack/postgres.ts'
import { newSecrets, type Secrets } from '../../stack/secrets.ts'
import { layoutFolder } from './build.ts'
import { type Container, runContainer, startContainer } from './container.ts'
import { readImage, unpack } from './unpack.ts'

const root = join(import.meta.dir, '..', '..')
const layout = layoutFolder(root)

const missing = Bun.which('runc') && process.getuid?.() === 0 ? null : 'needs runc and root'
if (missing && Bun.env.CI === 'true') throw new Error(`CI=true ${missing}.`)

let place: string
let postgres: Postgres
let secrets: Secrets
const running: Container[] = []
const figures: Record<string, string>[] = []

const names = ['gateway', 'users', 'bookings', 'billing', 'auth'] as const
const ports = new Map<string, number>([...names, 'provider', 'metrics'].map((name) => [name, 0]))
const portOf = (name: string) => ports.get(name) ?? 0

/** After which a process that nobody asks has given back what it took to start. */
const settleMs = 5_000

async function bundle(name: string) {
  const image = await readImage(layout, name)
  const folder = join(place, name)
  if (!(await Bun.file(join(folder, 'rootfs/etc/passwd')).exists()))
    await unpack({ layout, image, folder: join(folder, 'rootfs') }, join(place, 'shared'))
  return { id: `plexus-${name}-${process.pid}`, folder, image }
}

const passwords = () =>
  Object.fromEntries(
    databaseServices.map((name) => [
      `${name.toUpperCase()}_DATABASE_PASSWORD`,
      secrets.databasePasswords[name] ?? '',
    ]),
  )

function urlOf(service: string) {
  const url = new URL(postgres.adminUrl)
  url.pathname = '/plexus'
  url.username = `svc_${service}`
  url.password = secrets.databasePasswords[service] ?? ''
  return url.href
}

const migrateEnv = () => ({
  DATABASE_ADMIN_URL: Object.assign(new URL(postgres.adminUrl), { pathname: '/plexus' }).href,
  KEYCLOAK_DATABASE_PASSWORD: 'keycloak-in-tests',
  MONITOR_DATABASE_PASSWORD: 'monitor-in-tests',
  ...passwords(),
})

const environments = () => {
  return environmentsOf({
    secrets,
    databaseUrl: urlOf,
    ports: {
      gateway: portOf('gateway'),
      provider: portOf('provider'),
      metrics: portOf('metrics'),
    },
    webFolder: 'dist/web',
    mail: { smtpUrl: 'smtp://127.0.0.1:25', folder: '' },
    stripe: { secretKey: 'sk_test_images', webhookSecret: 'whsec_images', apiUrl: null },
    admin: { email: 'admin@plexus.test', password: 'a long word for one administrator' },
    watch: false,
    logLevel: 'info',
  })
}

const subgraphUrls = () =>
  subgraphs.map(({ name }) => `${name}=http://127.0.0.1:${portOf(name)}/graphql`).join(',')

/** Until the address answers with 200; the answer is when it did. */
async function answered(url: string, container: Container): Promise<number> {
  const deadline = performance.now() + 20_000
  while (performance.now() < deadline) {
    const response = await fetch(url).catch(() => null)
    if (response?.status === 200) return performance.now()
    await Bun.sleep(2)
  }
  throw new Error(`${url} did not answer.\n${await container.said()}`)
}

async function start(name: string, env: Record<string, string>, port: number) {
  const container = await startContainer({ ...(await bundle(name)), env })
  running.push(container)
  const at = await answered(`http://127.0.0.1:${port}/healthz`, container)
  const cpu = await container.cpuSeconds()
  await answered(`http://127.0.0.1:${port}/readyz`, container)
  figures.push({
    name,
    'first answer ms': (at - container.begunAt).toFixed(0),
    'cpu s by then': cpu.toFixed(2),
  })
  return container
}

/** What anybody may ask, answered by two subgraphs through the gateway. */
async function featured(port: number) {
  const operations: unknown = await Bun.file(
    join(place, 'gateway/rootfs/app/schema/operations.json'),
  ).json()
  const rows = z.array(z.object({ name: z.string(), hash: z.string() })).parse(operations)
  const documentId = rows.find(({ name }) => name === 'FeaturedCoaches')?.hash
  const origin = `http://localhost:${port}`
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ documentId: `sha256:${documentId}` }),
  })
  return response.json()
}

const noCoaches = { data: { coaches: { edges: [] } } }

async function adminHash() {
  const url = Object.assign(new URL(postgres.adminUrl), { pathname: '/plexus' }).href
  const sql = connect({ url, service: 'images-suite', max: 1 })
  const rows = await sql<{ passwordHash: string }[]>`select password_hash from auth.account`
  await sql.end()
  return rows[0]?.passwordHash
}

async function stopAll() {
  for (const container of running.splice(0).reverse()) await container.stop()
}

describe.skipIf(missing !== null)('images that run', () => {
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'plexus-images-'))
    secrets = await newSecrets()
    postgres = await startPostgres({
      dataDir: join(place, 'postgres'),
      port: await freePort(),
      durable: false,
    })
    for (const name of ports.keys()) ports.set(name, await freePort())
  }, 120_000)

  afterAll(async () => {
    await stopAll()
    await postgres?.stop()
    console.table(figures)
    await rm(place, { recursive: true, force: true })
  })

  test('migrate prepares an empty server, ends with 0, and does nothing the second time', async () => {
    const first = await runContainer({ ...(await bundle('migrate')), env: migrateEnv() })
    expect(first.said).toContain('Ran gateway/0001')
    expect(first.code).toBe(0)
    const second = await runContainer({ ...(await bundle('migrate')), env: migrateEnv() })
    expect(second.said).toContain('Everything was there')
    expect(second.code).toBe(0)
  }, 60_000)

  test('migrate ends with 1 and names what is missing when a password was not given', async () => {
    const env = { ...migrateEnv(), USERS_DATABASE_PASSWORD: '' }
    const { code, said } = await runContainer({ ...(await bundle('migrate')), env })
    expect(said).toContain('USERS_DATABASE_PASSWORD: is required')
    expect(code).toBe(1)
  })

  test('every service answers and is ready, as nobody, where nothing may be written', async () => {
    const env = environments()
    for (const { name } of subgraphs) {
      const own = { PORT: String(portOf(name)), METRICS_PORT: String(await freePort()) }
      await start(name, { ...env[name], ...own }, portOf(name))
    }
    await start('gateway', { ...env.gateway, SUBGRAPH_URLS: subgraphUrls() }, portOf('gateway'))
    const page = await fetch(`http://127.0.0.1:${portOf('gateway')}/`)
    expect(await page.text()).toContain('<div id="root"')
    expect(await featured(portOf('gateway'))).toMatchObject(noCoaches)
    expect(await adminHash()).toStartWith('$argon2id$')
  }, 90_000)

  test('each runs with its own user, no capability and no way to get one', async () => {
    for (const { pid } of running) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m)
      expect(status).toMatch(/^CapEff:\t0{16}$/m)
      expect(status).toMatch(/^CapBnd:\t0{16}$/m)
      expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    }
    expect(running).toHaveLength(ports.size - 2)
  })

  test('a signal ends each of them within the time that a node gives', async () => {
    await Bun.sleep(settleMs)
    for (const [index, one] of running.entries()) {
      const figure = figures[index]
      if (figure) figure['idle PSS MB'] = ((await one.pssBytes()) / 1e6).toFixed(1)
    }
    const began = performance.now()
    await stopAll()
    expect(performance.now() - began).toBeLessThan(25_000)
  }, 60_000)

  test('the whole graph runs in one process, with accounts of its own', async () => {
    const { gateway, ...rooms } = environments()
    const prefixed = databaseServices.map((name) => [
      `${name.toUpperCase()}_DATABASE_URL`,
      urlOf(name),
    ])
    const env = { ...Object.assign({}, ...Object.values(rooms)), ...gateway }
    const all = { ...env, ...Object.fromEntries(prefixed) }
    const one = await start('plexus', all, portOf('gateway'))
    expect(await featured(portOf('gateway'))).toMatchObject(noCoaches)
    const discovery = '.well-known/openid-configuration'
    const provider = await fetch(`http://localhost:${portOf('provider')}/${discovery}`)
    expect(await provider.json()).toMatchObject({ issuer: gateway.OIDC_ISSUER })
    await Bun.sleep(settleMs)
    const figure = figures.at(-1)
    if (figure) figure['idle PSS MB'] = ((await one.pssBytes()) / 1e6).toFixed(1)
  }, 90_000)
})
