import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../postgres.ts'

const root = join(import.meta.dir, '../..')
const startMs = 120_000

let folder = ''
let ports: Record<string, string> = {}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexus-up-'))
  const names = ['GATEWAY_PORT', 'PROVIDER_PORT', 'POSTGRES_PORT', 'METRICS_PORT']
  ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, String(await freePort())])),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** `bun run up` as a person starts it, on ports and in a folder of its own. */
function startUp(extra: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, 'stack/up.ts'], {
    cwd: root,
    env: { ...process.env, ...ports, PLEXUS_DATA: join(folder, 'data'), ...extra },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
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
      const open = await Promise.all(Object.keys(ports).map(isOpen))
      expect(open).toEqual([false, false, false, false])
    }
  },
  2 * startMs,
)

test(
  'a taken port is one sentence that names the port and its setting',
  async () => {
    const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const { child, heard, ended } = startUp({ GATEWAY_PORT: String(other.port) })
    expect(await child.exited).toBe(1)
    await ended
    expect(heard.text).toContain(`Port ${other.port} is taken; set GATEWAY_PORT to another one.`)
    expect(heard.text).not.toMatch(/^\s+at /m)
    await other.stop(true)
  },
  startMs,
)
