import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { userId } from './list.ts'
import type { ReadImage } from './unpack.ts'

type Start = {
  readonly id: string
  /** Holds `rootfs`, and what runc keeps of the container. */
  readonly folder: string
  readonly image: ReadImage
  readonly env: Readonly<Record<string, string>>
}

export type Container = {
  readonly pid: number
  /** `performance.now()` when its program began. */
  readonly begunAt: number
  /** What it has said so far. */
  said(): Promise<string>
  /** Bytes of memory, each page divided by how many processes have it. */
  pssBytes(): Promise<number>
  /** CPU seconds that it has taken. */
  cpuSeconds(): Promise<number>
  /** By the signal that a node sends; resolves when it has ended. */
  stop(): Promise<void>
}

const limit = (type: string, value: number) => ({ type, hard: value, soft: value })

const mounts = [
  { destination: '/proc', type: 'proc', source: 'proc' },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
]

/** As a pod of the restricted profile: nobody's user, nothing may be written, no capability at all. */
const specOf = ({ image, env }: Pick<Start, 'image' | 'env'>) => ({
  ociVersion: '1.0.2',
  process: {
    user: { uid: userId, gid: userId },
    args: image.run.Entrypoint,
    env: [...image.run.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    cwd: image.run.WorkingDir,
    capabilities: {},
    noNewPrivileges: true,
    rlimits: [limit('RLIMIT_NOFILE', 4_096), limit('RLIMIT_NPROC', 4_096)],
  },
  root: { path: 'rootfs', readonly: true },
  hostname: 'container',
  mounts,
  linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
})

async function runc(args: readonly string[], log?: string): Promise<number> {
  const out = log ? Bun.file(log) : 'ignore'
  const child = Bun.spawn(['runc', ...args], { stdio: ['ignore', out, out] })
  return child.exited
}

const pageSums = async (pid: number, field: string) => {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1_024
}

const ticksPerSecond = 100

async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

async function whenGone(pid: number): Promise<void> {
  while (await Bun.file(`/proc/${pid}/stat`).exists()) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    if (/\) Z /.test(text)) return
    await Bun.sleep(5)
  }
}

/** Starts a container with the network of this machine; runc must be there and we must be root. */
export async function startContainer({ id, folder, image, env }: Start): Promise<Container> {
  const state = join(folder, 'runc')
  const log = join(folder, 'log')
  await mkdir(state, { recursive: true })
  await Bun.write(join(folder, 'config.json'), JSON.stringify(specOf({ image, env })))
  const at = ['--root', state]
  const pidFile = join(folder, 'pid')
  const create = ['create', '--bundle', folder, '--pid-file', pidFile, id]
  if ((await runc([...at, ...create], log)) !== 0) throw new Error(await readFile(log, 'utf8'))
  const pid = Number(await readFile(pidFile, 'utf8'))
  const begunAt = performance.now()
  if ((await runc([...at, 'start', id], `${log}.runc`)) !== 0)
    throw new Error(await readFile(`${log}.runc`, 'utf8'))
  return {
    ...{ pid, begunAt },
    said: () => readFile(log, 'utf8'),
    pssBytes: () => pageSums(pid, 'Pss'),
    cpuSeconds: () => cpuSecondsOf(pid),
    stop: async () => {
      await runc([...at, 'kill', id, 'TERM'])
      await whenGone(pid)
      await runc([...at, 'delete', '--force', id])
    },
  }
}

/** Runs a container until it ends by itself: its exit code and what it said. */
export async function runContainer({ id, folder, image, env }: Start) {
  const log = join(folder, 'log')
  await mkdir(folder, { recursive: true })
  await Bun.write(join(folder, 'config.json'), JSON.stringify(specOf({ image, env })))
  const code = await runc(['--root', join(folder, 'runc'), 'run', '--bundle', folder, id], log)
  return { code, said: await readFile(log, 'utf8') }
}
