import { shareOf } from '../table.ts'
import { expectedOf } from './expected.ts'
import { type Ground, startGateway, type Which } from './gateways.ts'
import { questionOf } from './generator.ts'
import { unseenOf } from './operations.ts'
import { cpuMsOf } from './place.ts'

export type Cold = {
  /** From the start of the process to its first right answer. */
  readonly startMs: number
  readonly idleMb: number
  /** How long the very first large operation of a process takes. */
  readonly firstMs: number
  /** CPU time of a large operation that is new to a process which has compiled its own code. */
  readonly unseenCpuMs: number
  /** Requests that one large operation makes to the subgraphs. */
  readonly subgraphRequests: number
}

const medianOf = (values: number[]) =>
  shareOf(
    values.sort((one, other) => one - other),
    0.5,
  )

const unseenOnce = 100

async function coldOf(ground: Ground, which: Which): Promise<Cold> {
  const gateway = await startGateway(ground, which)
  const { generator, startMs, idleMb, pid } = gateway
  const expected = expectedOf('large', which.naming)
  const ask = (number: number) => generator.once(questionOf(unseenOf(number), expected))
  try {
    const askedBefore = await ground.asked()
    const firstMs = await ask(0)
    const subgraphRequests = (await ground.asked()) - askedBefore
    for (let number = 1; number <= unseenOnce; number += 1) await ask(number)
    const before = await cpuMsOf(pid)
    for (let number = 1; number <= unseenOnce; number += 1) await ask(unseenOnce + number)
    const unseenCpuMs = ((await cpuMsOf(pid)) - before) / unseenOnce
    return { startMs, idleMb, firstMs, unseenCpuMs, subgraphRequests }
  } finally {
    await gateway.stop()
  }
}

/** The medians of several starts. */
export async function measureCold(ground: Ground, which: Which, starts: number): Promise<Cold> {
  const found: Cold[] = []
  for (let start = 0; start < starts; start += 1) found.push(await coldOf(ground, which))
  const median = (of: (cold: Cold) => number) => medianOf(found.map(of))
  return {
    startMs: median(({ startMs }) => startMs),
    idleMb: median(({ idleMb }) => idleMb),
    firstMs: median(({ firstMs }) => firstMs),
    unseenCpuMs: median(({ unseenCpuMs }) => unseenCpuMs),
    subgraphRequests: median(({ subgraphRequests }) => subgraphRequests),
  }
}
