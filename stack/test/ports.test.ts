import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { freePort, isFree } from '../ports.ts'

const count = 200

/** A process that asks for ports, prints them, and listens on none until it is killed. */
const asker = `
  const { freePort } = await import('${import.meta.dir}/../ports.ts')
  const ports = await Promise.all(Array.from({ length: ${count} }, freePort))
  console.log(JSON.stringify(ports))
  setInterval(() => {}, 1_000)`

async function ask() {
  const child = Bun.spawn([process.execPath, '-e', asker], { stdout: 'pipe' })
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    return { child, ports: JSON.parse(text) as number[] }
  }
  throw new Error('It printed nothing.')
}

test('no two processes are given the same port while they run, whoever listens when', async () => {
  const askers = await Promise.all([ask(), ask(), ask()])
  const ports = askers.flatMap((one) => one.ports)
  expect(new Set(ports).size).toBe(3 * count)
  for (const { child } of askers) {
    child.kill('SIGKILL')
    await child.exited
  }
  // Nothing is left behind that would have to be tidied up.
  expect((await Promise.all(ports.map(isFree))).filter((free) => !free)).toEqual([])
})

test('what nobody holds open does not keep a process running', async () => {
  const code = `await (await import('${import.meta.dir}/../ports.ts')).freePort()`
  const child = Bun.spawn([process.execPath, '-e', code])
  expect(await child.exited).toBe(0)
})

test('a port that another program has taken is not given', async () => {
  const first = await freePort()
  const other = createServer()
  await new Promise<void>((listening) => other.listen(first + 1, '127.0.0.1', listening))
  expect(await isFree(first + 1)).toBe(false)
  expect(await freePort()).not.toBe(first + 1)
  await new Promise((closed) => other.close(closed))
})
