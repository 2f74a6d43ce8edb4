import { expect, test } from 'bun:test'

/** A service that says where it is and, when told so, never finishes starting. */
const script = (isStuck: boolean) => `
  import { run } from '${import.meta.dir}/../run.ts'
  const settings = { port: 0, metricsPort: 0, hostname: '127.0.0.1', noticeMs: 0, logLevel: 'info' }
  const build = async () => ({
    fetch: async () => new Response('hello'),
    checks: {},
    drain: () => console.log('drained'),
    start: async () => {
      console.log('starting')
      if (${isStuck}) await new Promise((resolve) => setTimeout(resolve, 60_000))
    },
    stop: async () => console.log('stopped'),
  })
  await run({ name: 'child', settings, build })`

const cases = [
  { when: 'while it is still starting', isStuck: true, awaits: 'starting' },
  { when: 'as soon as it says that it listens', isStuck: false, awaits: 'Listening on' },
]

test.each(cases)('a service stops cleanly on SIGTERM $when', async ({ isStuck, awaits }) => {
  const child = Bun.spawn([process.execPath, '-e', script(isStuck)], { stdout: 'pipe' })
  const decoder = new TextDecoder()
  let seen = ''
  let isTold = false
  for await (const chunk of child.stdout) {
    seen += decoder.decode(chunk, { stream: true })
    if (!isTold && seen.includes(awaits)) {
      isTold = true
      child.kill('SIGTERM')
    }
  }
  expect(await child.exited).toBe(0)
  expect(seen).toContain('stopped')
  // Its streams end before it does: a server waits for them.
  expect(seen).toContain('drained')
})

test('a service that is still starting lives, is not ready, and answers nobody else', async () => {
  const child = Bun.spawn([process.execPath, '-e', script(true)], { stdout: 'pipe' })
  const decoder = new TextDecoder()
  let seen = ''
  for await (const chunk of child.stdout) {
    seen += decoder.decode(chunk, { stream: true })
    const origin = /Listening on (http:[^"]+)"/.exec(seen)?.[1]
    if (!origin) continue
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    const ready = await fetch(`${origin}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', checks: { started: 'failing' } },
    ])
    expect((await fetch(`${origin}/graphql`)).status).toBe(503)
    break
  }
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
})
