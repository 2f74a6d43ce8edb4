import { afterAll, describe, expect, test } from 'bun:test'
import { eventually } from '../edge-harness.ts'
import { answerText, jsonOf, startSubgraph } from './subgraph.ts'

const started: ReturnType<typeof startSubgraph>[] = []
const start = (...options: Parameters<typeof startSubgraph>) => {
  const subgraph = startSubgraph(...options)
  started.push(subgraph)
  return subgraph
}
afterAll(() => Promise.all(started.map((one) => one.stop())))

/** More than Bun sends at once, to all servers together. */
const crowd = 300

describe('while one subgraph hangs and everybody asks it', () => {
  /** Whether another subgraph is reached meanwhile. */
  const isOtherReached = async (concurrencyMax: number) => {
    const frozen = start({ way: 'http', settings: { sharing: false, concurrencyMax } })
    const other = start({ way: 'http', respond: () => jsonOf() })
    const leaving = new AbortController()
    const { signal } = leaving
    const asked = Array.from({ length: crowd }, () => frozen.ask({ signal }).catch(() => null))
    await eventually(() => frozen.arrived.length >= Math.min(concurrencyMax, 256))
    const reached = await Promise.race([other.ask(), Bun.sleep(500).then(() => null)])
    leaving.abort()
    await Promise.all(asked)
    return reached === answerText
  }

  test('its limit leaves the others their connections', async () => {
    expect(await isOtherReached(100)).toBe(true)
  })

  test('without a limit it takes them all', async () => {
    expect(await isOtherReached(crowd)).toBe(false)
  })
})
