import { measure } from './load.ts'
import { scenesOf } from './scenes.ts'
import { inProcess, overHttp, type Shape } from './shapes.ts'
import { type Cell, tableOf } from './table.ts'

/** In one process the subgraphs' CPU time is in the gateway's; over HTTP it is not. */
const shapes: Record<string, () => Promise<Shape>> = {
  'in process': inProcess,
  'over HTTP': overHttp,
}

async function rowsOf(name: string, shape: Shape): Promise<Cell[][]> {
  const measured = []
  for (const scene of await scenesOf(shape)) measured.push(await measure(shape.gatewayPid, scene))
  const base = measured[0]?.cpuMs ?? 1
  return measured.map((scene) => [
    ...[`${scene.name}, ${name}`, scene.cpuMs, scene.cpuMs / base, scene.p50Ms, scene.p99Ms],
    String(scene.failed),
  ])
}

/** What a request costs the gateway, as ratios to a small file that is served in the same run. */
export async function requests(): Promise<string> {
  const rows: Cell[][] = []
  for (const [name, start] of Object.entries(shapes)) {
    const shape = await start()
    rows.push(...(await rowsOf(name, shape).finally(shape.stop)))
  }
  return tableOf(['request', 'CPU ms', 'ratio', 'p50 ms', 'p99 ms', 'failed'], rows)
}
