import { beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { ChaosOptions, ChaosReport } from './chaos/run.ts'

const main = join(import.meta.dir, 'chaos/main.ts')

/** In a process of its own: what it does to lines and processes is nobody else's. */
async function chaos(options: Partial<ChaosOptions>): Promise<ChaosReport> {
  const child = Bun.spawn([process.execPath, main, JSON.stringify(options)], {
    env: { PATH: process.env.PATH ?? '', BUN_CONFIG_MAX_HTTP_REQUESTS: '8192' },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return JSON.parse(await new Response(child.stdout).text())
}

const acts = { swaps: 10, kills: 4, cuts: 4, pauseMs: 150 }
let report: ChaosReport
let swapped: ChaosReport
let twin: ChaosReport
beforeAll(async () => {
  const disturbed = chaos({ streams: 100, ...acts })
  const onlySwapped = chaos({ streams: 10, ...acts, swaps: 5, kills: 0, cuts: 0 })
  const unremembered = chaos({ streams: 10, ...acts, kills: 1, twin: true })
  ;[report, swapped, twin] = await Promise.all([disturbed, onlySwapped, unremembered])
}, 120_000)

test('streams through swaps of the graph, kills of gateways and cuts of every line lose nothing', () => {
  expect(report).toMatchObject({ lost: 0, doubled: 0, unordered: 0, missed: 0 })
  expect(report.told).toBe(report.events * 100)
  expect(report.events).toBeGreaterThan(10)
  // They were really disturbed: clients opened them again, which opens the lines behind them.
  expect(report.connections).toBeGreaterThan(200)
  expect(report.lines).toBeGreaterThan(200)
})

test('a swap of the graph is between a gateway and its subgraphs: no client opens anything again', () => {
  expect(swapped).toMatchObject({ lost: 0, doubled: 0, unordered: 0, missed: 0, connections: 10 })
  expect(swapped.told).toBe(swapped.events * 10)
  expect(swapped.lines).toBeGreaterThan(swapped.connections)
})

test('the twin that remembers no place loses events of the same', () => {
  expect(twin.lost).toBeGreaterThan(0)
})
