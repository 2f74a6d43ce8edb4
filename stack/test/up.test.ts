import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../ports.ts'
import { until } from '../testing/system.ts'

const root = join(import.meta.dir, '../..')
const startMs = 120_000

let folder = ''
let ports: Record<string, string> = {}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexus-up-'))
  // The server's user may go there when root runs the tests.
  await chmod(folder, 0o755)
  const names = [
    ...['GATEWAY_PORT', 'PROVIDER_PORT', 'POSTGRES_PORT', 'METRICS_PORT'],
    'STRIPE_SANDBOX_PORT',
  ]
  ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, String(await freePort())])),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const children: Bun.Subprocess[] = []
// A test that fails must not leave its system behind on the ports of the next one.
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null) child.kill('SIGINT')
    await child.exited
  }
})

/** `bun run up` as a person starts it, on ports and in a folder of its own. */
function startUp(extra: Record<string, string> = {}, program = ['stack/up.ts']) {
  const child = Bun.spawn([process.execPath, ...program], {
    cwd: root,
    env: { ...process.env, ...ports, PLEXUS_DATA: join(folder, 'data'), ...extra },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  children.push(child)
  const heard = { text: '' }
  const decoder = new TextDecoder()
  const listen = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const chunk of stream) heard.text += decoder.decode(chunk)
  }
  return { child, heard, ended: Promise.all([listen(child.stdout), listen(child.stderr)]) }
}

/** Polls until the process says that everything is up; throws when it ends first. */
async function ready({ child, heard }: ReturnType<typeof startUp>) {
  const deadline = Date.now() + startMs
  while (!heard.text.includes('Plexus is up.')) {
    if (child.exitCode !== null) throw new Error(`up ended early: ${heard.text}`)
    if (Date.now() > deadline) throw new Error(`up was not ready in time: ${heard.text}`)
    await Bun.sleep(50)
  }
}

const isOpen = (name: string) =>
  Bun.connect({ hostname: '127.0.0.1', port: Number(ports[name]), socket: { data() {} } }).then(
    (socket) => {
      socket.end()
      return true
    },
    () => false,
  )

test(
  'up serves the client and the graph, Ctrl-C stops everything, and a second start finds the first',
  async () => {
    for (const round of ['first', 'second']) {
      const started = startUp()
      await ready(started)
      const page = await fetch(`http://localhost:${ports.GATEWAY_PORT}/`)
      expect(await page.text()).toContain('<div id=')
      started.child.kill('SIGINT')
      expect(await started.child.exited).toBe(0)
      expect(started.heard.text, `the ${round} start`).toContain('PostgreSQL 18')
      expect(started.heard.text).toContain(
        `payments http://localhost:${ports.STRIPE_SANDBOX_PORT} (test cards, no money moves)`,
      )
      const open = await Promise.all(Object.keys(ports).map(isOpen))
      expect(open).toEqual(open.map(() => false))
    }
  },
  2 * startMs,
)

test(
  'a second start on the same data says so and changes nothing; a service alone joins the first',
  async () => {
    const first = startUp()
    await ready(first)
    const data = join(folder, 'data')
    const kept = () =>
      Promise.all(['secrets.json', 'plexus.log'].map((file) => readFile(join(data, file), 'utf8')))
    const before = await kept()
    const second = startUp({ POSTGRES_PORT: String(await freePort()) })
    expect(await second.child.exited).toBe(1)
    await second.ended
    expect(second.heard.text.trim()).toBe(
      `Plexus is already up here (process ${first.child.pid}); stop it first, or set PLEXUS_DATA to another folder.`,
    )
    expect((await kept())[0]).toBe(before[0] ?? '')
    expect((await kept())[1]).toStartWith(before[1] ?? '')
    const other = { POSTGRES_PORT: await freePort(), PORT: await freePort() }
    const alone = startUp(
      { POSTGRES_PORT: `${other.POSTGRES_PORT}`, PORT: `${other.PORT}`, METRICS_PORT: '0' },
      ['stack/service.ts', 'users'],
    )
    await until(async () => alone.heard.text.includes('Listening on'), startMs)
    alone.child.kill('SIGTERM')
    expect(await alone.child.exited).toBe(0)
    expect(await isOpen('POSTGRES_PORT')).toBe(true)
    first.child.kill('SIGINT')
    expect(await first.child.exited).toBe(0)
  },
  startMs,
)

test(
  'of two starts at once on a fresh folder one is up, and what a killed start left is taken over',
  async () => {
    const fresh = { PLEXUS_DATA: join(folder, 'fresh') }
    const both = [startUp(fresh), startUp(fresh)]
    const loser = await Promise.race(both.map((one) => one.child.exited.then(() => one)))
    await loser.ended
    expect(loser.heard.text).toContain('Plexus is already up here')
    const winner = both.find((one) => one !== loser)
    if (!winner) throw new Error('Both are the loser.')
    await ready(winner)
    winner.child.kill('SIGKILL')
    await winner.child.exited
    expect(await isOpen('POSTGRES_PORT')).toBe(true)
    const next = startUp(fresh)
    await ready(next)
    next.child.kill('SIGINT')
    expect(await next.child.exited).toBe(0)
    expect(await isOpen('POSTGRES_PORT')).toBe(false)
  },
  2 * startMs,
)

/** Whether anything answers there. A socket for this machine alone is not at its second loopback address. */
const answersAt = (hostname: string, port: number) =>
  Bun.connect({ hostname, port, socket: { data() {} } }).then(
    (socket) => {
      socket.end()
      return true
    },
    () => false,
  )

// Elsewhere than on Linux a machine has no second loopback address.
test.skipIf(process.platform !== 'linux')(
  '[FC-20] [BC-35] nothing that up starts can be reached from another machine, the database least of all',
  async () => {
    const outside = '127.0.0.2'
    const open = Bun.serve({ port: 0, hostname: '0.0.0.0', fetch: () => new Response() })
    // The control: what listens for everybody is found by this way.
    expect(await answersAt(outside, Number(open.port))).toBe(true)
    await open.stop(true)
    const started = startUp()
    await ready(started)
    for (const [name, port] of Object.entries(ports)) {
      expect([name, await answersAt('127.0.0.1', Number(port))]).toEqual([name, true])
      expect([name, await answersAt(outside, Number(port))]).toEqual([name, false])
    }
    started.child.kill('SIGINT')
    expect(await started.child.exited).toBe(0)
  },
  startMs,
)

// Only root starts the server as another user, to whom a folder may be closed.
test.skipIf(process.getuid?.() !== 0)(
  'up says where the data is when it could not go to the data folder',
  async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const started = startUp({ PLEXUS_DATA: join(closed, 'data') })
    await ready(started)
    const [, place = ''] = /^ {2}data {5}(.+)$/m.exec(started.heard.text) ?? []
    started.child.kill('SIGINT')
    await started.child.exited
    expect(place).toStartWith('/var/lib/plexus/')
    await Promise.all(['', '.password', '.log'].map((end) => rm(place + end, { recursive: true })))
  },
  startMs,
)

test(
  'a service alone says what is wrong with its settings in one sentence',
  async () => {
    const { child, heard, ended } = startUp({ LOG_LEVEL: 'loud' }, ['stack/service.ts', 'users'])
    expect(await child.exited).toBe(1)
    await ended
    expect(heard.text).toContain('LOG_LEVEL: must be debug')
    expect(heard.text).not.toMatch(/^\s+at /m)
  },
  startMs,
)

test.each(['GATEWAY_PORT', 'STRIPE_SANDBOX_PORT'])(
  'a taken port is one sentence that names the port and its setting, %s',
  async (setting) => {
    const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const { child, heard, ended } = startUp({ [setting]: String(other.port) })
    expect(await child.exited).toBe(1)
    await ended
    expect(heard.text).toContain(`Port ${other.port} is taken; set ${setting} to another one.`)
    expect(heard.text).not.toMatch(/^\s+at /m)
    await other.stop(true)
  },
  startMs,
)
