import { z } from 'zod'
import { saidUntil } from './child.ts'
import { cpuMsOf, rush, type Scene } from './load.ts'
import { type Cell, tableOf } from './table.ts'

const rounds = 7
const requests = 3_000
const clients = 8
const goal = 2

const Said = z.object({ pid: z.number(), kept: z.url(), file: z.url(), bytes: z.number() })

const middle = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

/** Both in turn, so that what else the machine does is done to both. */
async function ratioOf(pid: number, one: Scene, other: Scene) {
  for (const scene of [one, other]) await rush(scene, 2_000, clients)
  const costs: { one: number; other: number; failed: number }[] = []
  const costOf = async (scene: Scene) => {
    const before = await cpuMsOf(pid)
    const { failed } = await rush(scene, requests, clients)
    return { failed, ms: ((await cpuMsOf(pid)) - before) / requests }
  }
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = [await costOf(one), await costOf(other)]
    costs.push({ one: first.ms, other: second.ms, failed: first.failed + second.failed })
  }
  return {
    ratio: middle(costs.map((cost) => cost.one / cost.other)),
    ms: [middle(costs.map((cost) => cost.one)), middle(costs.map((cost) => cost.other))] as const,
    failed: costs.reduce((sum, { failed }) => sum + failed, 0),
  }
}

/** What a GET of a public operation that is kept costs beside a file of the same size, in one run. */
export async function kept(): Promise<string> {
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/kept-server.ts`], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const said = await saidUntil(child.stdout, '}\n')
  const { pid, ...system } = Said.parse(JSON.parse(said))
  const sceneOf = (name: string, url: string, encoding: string): Scene => ({
    name,
    send: () => fetch(url, { headers: { 'accept-encoding': encoding } }),
  })
  const rows: Cell[][] = []
  for (const encoding of ['identity', 'gzip']) {
    const [one, other] = [
      sceneOf('kept', system.kept, encoding),
      sceneOf('file', system.file, encoding),
    ]
    const { ratio, ms, failed } = await ratioOf(pid, one, other)
    rows.push([
      `${system.bytes} bytes, ${encoding}`,
      ...ms.map((one) => one * 1_000),
      ratio,
      String(failed),
    ])
  }
  child.kill()
  await child.exited
  return tableOf(
    ['kept public GET', 'CPU µs', 'file CPU µs', `ratio (goal ${goal})`, 'failed'],
    rows,
  )
}
