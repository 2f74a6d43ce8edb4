import { afterAll, expect, test } from 'bun:test'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../ports.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { newSecrets } from '../secrets.ts'
import { testEnvironments, until } from '../testing/system.ts'
import { migrated } from '../up/database.ts'

const root = join(import.meta.dir, '../..')
const home = join(root, `.plexus/test/cold-start-${process.pid}`)
const started: { stop(): Promise<unknown> }[] = []

afterAll(async () => {
  for (const part of started.splice(0).reverse()) await part.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

/** One service in a process of its own, as a container runs it. */
function start(main: string, env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, main], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  started.push({
    stop: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  })
  return child
}

const statusOf = (port: number | string, path: string) =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    ({ status }) => status,
    () => 0,
  )
const readiness = (port: number | string) => statusOf(port, '/readyz')

/** Whether a line of its log says that it waits. */
async function waits(child: ReturnType<typeof start>): Promise<boolean> {
  let seen = ''
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    seen += decoder.decode(chunk, { stream: true })
    if (seen.includes('PostgreSQL does not answer yet')) return true
  }
  return false
}

test('[FC-33] services that start before their database wait for it, not ready, and are ready then', async () => {
  await mkdir(home, { recursive: true })
  const secrets = await newSecrets()
  const [port, users, metrics] = [await freePort(), await freePort(), await freePort()]
  const startDatabase = () => startPostgres({ dataDir: join(home, 'postgres'), port })
  const first: Postgres = await startDatabase()
  const url = await migrated(first.adminUrl, secrets)
  await first.stop()

  const { environments, ports } = await testEnvironments({ url })
  const own = { PORT: String(users), METRICS_PORT: String(metrics) }
  const children = [
    start('subgraphs/users/main.ts', { ...environments.users, ...own }),
    start('gateway/main.ts', environments.gateway),
  ]
  expect(await Promise.all(children.map(waits))).toEqual([true, true])
  for (const each of [users, ports.gateway]) {
    // Not ready, and alive: nobody restarts it for what it waits for.
    expect([await readiness(each), await statusOf(each, '/healthz')]).toEqual([503, 200])
  }

  started.unshift(await startDatabase())
  await until(
    async () => (await readiness(users)) === 200 && (await readiness(ports.gateway)) === 200,
    60_000,
  )
}, 120_000)
