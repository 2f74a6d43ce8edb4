import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentityKeys } from '#kit/identity-token'
import { freePort } from '../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { eventually } from './edge-harness.ts'

let db: TestDatabase
let env: Record<string, string>
let port = 0

beforeAll(async () => {
  db = await testDatabase()
  port = await freePort()
  const { private: privateJwk } = await generateIdentityKeys('k1')
  env = {
    GATEWAY_PORT: String(port),
    GATEWAY_METRICS_PORT: String(await freePort()),
    PUBLIC_ORIGIN: `http://localhost:${port}`,
    DATABASE_URL: db.url('gateway'),
    SESSION_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
    // Nobody answers there: the gateway starts and serves without its provider.
    OIDC_ISSUER: 'http://localhost:1',
    OIDC_CLIENT_SECRET: 'a secret for tests only',
    IDENTITY_PRIVATE_JWK: JSON.stringify(privateJwk),
  }
})
afterAll(() => db.drop())

/** Its self-test alone takes seconds on a machine that runs much else. */
const startMs = 15_000
const root = join(import.meta.dir, '../..')
const start = (changes: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, 'gateway/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env, ...changes },
    stdout: 'pipe',
    stderr: 'pipe',
  })
const statusAt = (path: string) =>
  fetch(`http://localhost:${port}${path}`).then(
    ({ status }) => status,
    () => 0,
  )

describe('the gateway as a process', () => {
  test('answers without provider and subgraphs, tells what it did, and ends when it is told to', async () => {
    const running = start()
    await eventually(async () => (await statusAt('/readyz')) === 200, startMs)
    expect(await statusAt('/healthz')).toBe(200)
    expect(await statusAt('/auth/session')).toBe(200)
    expect(await statusAt('/auth/login')).toBe(503)
    expect(await statusAt('/nothing')).toBe(404)
    const scrape = await fetch(`http://localhost:${env.GATEWAY_METRICS_PORT}/metrics`)
    expect(await scrape.text()).toContain('route="/auth/login"')
    expect(await statusAt('/metrics')).toBe(404)
    running.kill('SIGTERM')
    expect(await running.exited).toBe(0)
    const lines = (await new Response(running.stdout).text()).trim().split('\n')
    const line = lines
      .map((text) => JSON.parse(text))
      .find(({ endpoint }) => endpoint === '/auth/login')
    expect(line).toMatchObject({
      service: 'gateway',
      method: 'GET',
      status_code: 503,
      user_id: null,
    })
  }, 40_000)

  test('[KG-29] says that it is not ready for a while before its port closes, and finishes what it has', async () => {
    const running = start({ DRAIN_NOTICE_MS: '1500' })
    await eventually(async () => (await statusAt('/readyz')) === 200, startMs)
    const rest = Promise.withResolvers<void>()
    const inFlight = fetch(`http://localhost:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"query":')),
        pull: async (controller) => {
          await rest.promise
          controller.enqueue(new TextEncoder().encode('"{ me { id } }"}'))
          controller.close()
        },
      }),
    })
    running.kill('SIGTERM')
    await eventually(async () => (await statusAt('/readyz')) === 503)
    expect(await statusAt('/auth/session')).toBe(200)
    rest.resolve()
    expect(await (await inFlight).text()).toContain('OPERATION_NOT_REGISTERED')
    expect(await running.exited).toBe(0)
    expect(await statusAt('/readyz')).toBe(0)
  }, 40_000)

  test('names a taken port and the setting that moves it, and holds no other', async () => {
    const taken = Bun.serve({ port, hostname: '127.0.0.1', fetch: () => new Response() })
    const running = start()
    expect(await running.exited).not.toBe(0)
    const said = await new Response(running.stderr).text()
    expect(said).toContain(`Port ${port} is taken; set GATEWAY_PORT to another one.`)
    await taken.stop(true)
  }, 40_000)

  /** What it says before it ends, having served nothing. */
  const refusalOf = async (env: Record<string, string>) => {
    const running = Bun.spawn([process.execPath, 'gateway/main.ts'], {
      ...{ cwd: root, env: { PATH: process.env.PATH ?? '', ...env } },
      ...{ stdout: 'ignore', stderr: 'pipe' },
    })
    expect(await running.exited).not.toBe(0)
    return new Response(running.stderr).text()
  }

  test('[BC-26] names every bad variable before it does anything', async () => {
    const bad = { SESSION_KEYS: 'hunter2', OIDC_ISSUER: 'http://id.example' }
    const said = await refusalOf({ ...env, ...bad })
    expect(said).toContain('SESSION_KEYS')
    expect(said).toContain('OIDC_ISSUER')
    expect(said).not.toContain('hunter2')
  }, 40_000)

  test('[FC-34] is told where its database and its provider are, and names both when it is not', async () => {
    const { DATABASE_URL: _, OIDC_ISSUER: __, ...rest } = env
    const said = await refusalOf(rest)
    expect(said).toContain('DATABASE_URL')
    expect(said).toContain('OIDC_ISSUER')
    expect(said).not.toContain('SESSION_KEYS')
  }, 40_000)

  test.each([
    ['PUBLIC_ORIGIN', 'http://plexus.example'],
    ['OIDC_ISSUER', 'http://id.example'],
  ])(
    '[MP-47] does not start without TLS beyond this machine: %s=%s',
    async (variable, url) => {
      const said = await refusalOf({ ...env, [variable]: url })
      expect(said).toContain(`${variable}`)
      expect(said).toContain('https')
    },
    40_000,
  )

  test('[BC-26] runs with nothing but a file of variables', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexus-env-'))
    const file = join(folder, '.env')
    await writeFile(
      file,
      Object.entries(env)
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(''),
    )
    const running = Bun.spawn([process.execPath, `--env-file=${file}`, 'gateway/main.ts'], {
      ...{ cwd: root, env: { PATH: process.env.PATH ?? '' } },
      ...{ stdout: 'ignore', stderr: 'ignore' },
    })
    await eventually(async () => (await statusAt('/readyz')) === 200, startMs)
    running.kill('SIGTERM')
    expect(await running.exited).toBe(0)
    await rm(folder, { recursive: true })
  }, 40_000)
})
