import { join } from 'node:path'
import type { ChaosReport } from '../gateway/test/live/chaos/run.ts'
import { tableOf } from './table.ts'

const scenes = {
  resumed: { streams: 1_000, swaps: 100, kills: 20, cuts: 20, pauseMs: 400, everyMs: 1_000 },
  'without ids (the twin)': {
    ...{ streams: 100, swaps: 10, kills: 2, cuts: 2, pauseMs: 400, everyMs: 200, twin: true },
  },
}

async function chaos(options: object): Promise<ChaosReport> {
  const main = join(import.meta.dir, '../gateway/test/live/chaos/main.ts')
  const child = Bun.spawn([process.execPath, main, JSON.stringify(options)], {
    env: { PATH: process.env.PATH ?? '', BUN_CONFIG_MAX_HTTP_REQUESTS: '8192' },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return JSON.parse(await new Response(child.stdout).text())
}

/** Streams through everything that may happen to them: what they lose, and what is told twice. */
export async function live(): Promise<string> {
  const rows: string[][] = []
  for (const [name, scene] of Object.entries(scenes)) {
    const { streams, swaps, kills, cuts } = scene
    const report = await chaos(scene)
    rows.push([
      ...[name, `${streams} × ${report.events}`, `${swaps} / ${kills} / ${cuts}`],
      ...[report.told, report.lost, report.doubled, report.connections].map(String),
      ...[`${report.peakMb.join(' and ')} MB`, `${report.seconds} s`],
    ])
  }
  const heads = ['streams', 'events', 'swaps / kills / cuts', 'told', 'lost', 'doubled']
  return tableOf([...heads, 'connections', 'memory of the gateways', 'took'], rows)
}
