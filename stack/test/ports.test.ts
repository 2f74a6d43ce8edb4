import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { freePort, isFree } from '../ports.ts'
import { until } from '../testing/system.ts'

const count = 200

/** A process that asks for ports, prints them, and listens on none until its input ends. */
const asker = `
  const { freePort } = await import('${import.meta.dir}/../ports.ts')
  const ports = await Promise.all(Array.from({ length: ${count} }, freePort))
  process.stdout.write(JSON.stringify(ports) + '\\n')
  await Bun.stdin.text()`

const start = () =>
  Bun.spawn([process.execPath, '-e', asker], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })

async function portsOf({ stdout }: ReturnType<typeof start>): Promise<number[]> {
  let text = ''
  for await (const part of stdout.pipeThrough(new TextDecoderStream())) {
    text += part
    if (text.endsWith('\n')) return JSON.parse(text)
  }
  throw new Error('It ended without ports.')
}

const rowsOf = (ports: readonly number[]) => [...new Set(ports.map((port) => port - (port % 20)))]

test('no two processes are given the same port while they run, whoever listens when', async () => {
  const children = [start(), start(), start()]
  try {
    const ports = (await Promise.all(children.map(portsOf))).flat()
    expect(new Set(ports).size).toBe(3 * count)
    // Why not: of each row its process holds the first.
    const rows = rowsOf(ports)
    expect((await Promise.all(rows.map(isFree))).filter(Boolean)).toEqual([])
    for (const child of children) child.kill('SIGKILL')
    // The rows are there for others again; some may have one already.
    await until(
      async () => (await Promise.all(rows.map(isFree))).filter(Boolean).length > count / 10,
    )
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
})

test('what nobody holds open does not keep a process running', async () => {
  const code = `await (await import('${import.meta.dir}/../ports.ts')).freePort()`
  const child = Bun.spawn([process.execPath, '-e', code])
  expect(await child.exited).toBe(0)
})

test('a port that another program has taken is not given', async () => {
  const first = await freePort()
  const other = createServer()
  await new Promise<void>((listening, failed) => {
    other.once('error', failed).listen(first + 1, '127.0.0.1', listening)
  })
  expect(await isFree(first + 1)).toBe(false)
  expect(await freePort()).not.toBe(first + 1)
  await new Promise((closed) => other.close(closed))
})
