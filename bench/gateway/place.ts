import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'

/** The gateway has a core of its own; subgraphs and the generator share the other one. */
export const cores = { gateway: 0, others: 1 } as const
type Core = keyof typeof cores

const hasCores = availableParallelism() > 1 && Bun.which('taskset') !== null

export const layout = hasCores
  ? 'the gateway alone on one core, subgraphs and generator on another'
  : 'gateway, subgraphs and generator on the same core, since there is no other'

/** Moves this process, the generator, and all of its threads off the gateway's core. */
export function moveAside(): void {
  if (hasCores)
    Bun.spawnSync(['taskset', '-a', '-p', '-c', String(cores.others), String(process.pid)])
}

export type Child = {
  readonly pid: number
  /** What it printed, line by line. */
  readonly lines: AsyncIterator<string>
  stop(): Promise<void>
}

type Start = { readonly core: Core; readonly cwd?: string; readonly env?: Record<string, string> }

/** Starts a process on one core, in production mode. */
export function startOn({ core, cwd, env }: Start, command: readonly string[]): Child {
  const pinned = hasCores ? ['taskset', '-c', String(cores[core])] : []
  const child = Bun.spawn([...pinned, ...command], {
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return {
    pid: child.pid,
    lines: linesOf(child.stdout),
    stop: async () => {
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), 2_000)
      await child.exited
      clearTimeout(kill)
    },
  }
}

async function* linesOf(stdout: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of stdout) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** A port that nobody listens on just now. */
export function freePort(): number {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() })
  const { port = 0 } = server
  server.stop(true)
  return port
}

const clockTicksPerSecond = 100

const statOf = async (pid: number): Promise<string[]> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** User and system time of one process since its start, all of its threads together. */
export async function cpuMsOf(pid: number): Promise<number> {
  const fields = await statOf(pid)
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / clockTicksPerSecond
}

export async function rssMbOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1_024
}

/** Throws when a gateway has processes beside its own: their CPU time would not be counted. */
export async function requireAlone(pid: number): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const [, parent] = await statOf(Number(name)).catch(() => [])
    if (Number(parent) === pid) throw new Error(`Process ${pid} has started ${name}.`)
  }
}
