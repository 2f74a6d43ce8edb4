import { join } from 'node:path'
import { testProcesses } from '../stack/testing/processes.ts'
import { peopleOf } from '../stack/testing/system.ts'
import { saidUntil } from './child.ts'

/** A system under load: where it is, who can be made in it, and which process is the gateway. */
export type Shape = ReturnType<typeof peopleOf> & {
  readonly origin: string
  readonly gatewayPid: number
  stop(): Promise<void>
}

/** Gateway and subgraphs in one process. */
export async function inProcess(): Promise<Shape> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'server.ts')], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const said = await saidUntil(child.stdout, '\n')
  const { origin, pid }: { origin: string; pid: number } = JSON.parse(said.split('\n')[0] ?? '')
  const stop = async () => {
    child.kill('SIGTERM')
    await child.exited
  }
  return { origin, gatewayPid: pid, stop, ...peopleOf(origin) }
}

/** Every service in a process of its own: the gateway's CPU time is its own alone. */
export async function overHttp(): Promise<Shape> {
  const processes = await testProcesses()
  return { ...processes, gatewayPid: processes.pid('gateway') }
}
