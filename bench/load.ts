import { readFile } from 'node:fs/promises'
import { shareOf } from './table.ts'

export type Scene = { readonly name: string; readonly send: () => Promise<Response> }
export type Measured = {
  readonly name: string
  readonly cpuMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

const clockTicksPerSecond = 100

/** CPU time of a process since its start, user and system, in milliseconds. Linux only: it reads /proc. */
export async function cpuMsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / clockTicksPerSecond
}

/** Sends that many requests, so many at a time. */
export async function rush({ send }: Scene, requests: number, clients: number) {
  const times: number[] = []
  let failed = 0
  let left = requests
  const client = async () => {
    while (left > 0) {
      left -= 1
      const startedAt = performance.now()
      const response = await send()
      const body = await response.text()
      times.push(performance.now() - startedAt)
      if (!response.ok || body.includes('"errors"')) failed += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { times: times.sort((one, other) => one - other), failed }
}

/** Warms up until the code is compiled, then measures; the generator waits for everything in flight. */
export async function measure(pid: number, scene: Scene): Promise<Measured> {
  const requests = 1_000
  await rush(scene, 500, 8)
  const before = await cpuMsOf(pid)
  const { times, failed } = await rush(scene, requests, 8)
  const cpuMs = ((await cpuMsOf(pid)) - before) / requests
  return {
    name: scene.name,
    cpuMs,
    p50Ms: shareOf(times, 0.5),
    p99Ms: shareOf(times, 0.99),
    failed,
  }
}
