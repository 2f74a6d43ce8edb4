import { join } from 'node:path'
import { saidUntil } from './child.ts'
import { type Cell, tableOf } from './table.ts'

const run = (file: string, argument: string) =>
  Bun.spawn([process.execPath, join(import.meta.dir, file), argument], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'pipe',
    stderr: 'inherit',
  })

async function rowOf(name: string): Promise<Cell[]> {
  const server = run('overload-server.ts', name)
  const origin = (await saidUntil(server.stdout, '\n')).trim()
  const load = run('overload-load.ts', origin)
  const told = JSON.parse(await new Response(load.stdout).text())
  server.kill()
  await server.exited
  const { peak, offered, goodput, okP99, refusedP50, refusedP99 } = told
  const ratios = [offered / peak, goodput / peak]
  return [name, peak, ...ratios, okP99, refusedP50, refusedP99]
}

/** Ten times what a gateway can answer, with the limiter in front of it and without. */
export async function overload(): Promise<string> {
  const rows = [await rowOf('guarded'), await rowOf('unguarded')]
  return tableOf(
    [
      ...['gateway', 'peak, answers/s', 'offered / peak', 'goodput / peak', 'answers p99 ms'],
      ...['refusals p50 ms', 'refusals p99 ms'],
    ],
    rows,
  )
}
