import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { StartError } from '../../stack/start-error.ts'
import { settingsOf } from './place.ts'

export type Enclosure = {
  /** True keeps the cluster when the command has ended. */
  readonly keep: boolean
  readonly command: readonly string[]
}

const needed = [
  ...[
    'unshare',
    'setpriv',
    'ip',
    'iptables',
    'mount',
    'containerd',
    'runc',
    'openssl',
    'conntrack',
  ],
  ...['gcc', 'ldd', 'hey', 'java'],
]

/** What this machine lacks to run a node, as one sentence; null when it can. */
export function nodeLacks(): string | null {
  if (process.platform !== 'linux') return 'A node of Kubernetes runs on Linux.'
  if (process.getuid?.() !== 0) return 'A node of Kubernetes is run by root.'
  const missing = needed.filter((name) => !Bun.which(name))
  if (!existsSync('/usr/lib/cni/bridge')) missing.push('containernetworking-plugins')
  return missing.length > 0 ? `A node needs ${missing.join(', ')}.` : null
}

/** The first process of the enclosure: it waits for those whose parents have ended. */
const firstProcess = ['bash', '-c', '"$@"; exit $?', 'enclosure']

/**
 * With the first process the kernel ends all others, and takes network, rules and mounts away; it ends with this
 * program, whatever that dies of.
 */
const unshare = [
  ...['setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'],
]

/**
 * Runs a node, and `command` beside it, where nothing that they do to networks, mounts and processes is seen from
 * outside, or outlives them. Returns the exit code of the command.
 */
export async function enclosed({ keep, command }: Enclosure): Promise<number> {
  const lack = nodeLacks()
  if (lack) throw new StartError(lack)
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), prefix))
  const inside = [process.execPath, join(import.meta.dir, 'inside.ts')]
  const child = Bun.spawn([...unshare, ...firstProcess, ...inside], {
    env: { ...process.env, PLEXUS_CLUSTER: folder },
    stdin: new Blob([JSON.stringify({ keep, command })]),
    stdout: 'inherit',
    stderr: 'inherit',
  })
  // What stands in the enclosure hears a Ctrl-C as well; this process tidies up after it.
  const patient = () => {}
  process.on('SIGINT', patient)
  process.on('SIGTERM', () => child.kill('SIGKILL'))
  await writeFile(join(folder, 'enclosure.pid'), String(child.pid))
  const code = await child.exited
  process.off('SIGINT', patient)
  await tidy(folder)
  return code
}

/** Runs a command in an enclosure that another process keeps, as if it had been started there. */
export async function enter(folder: string, command: readonly string[]): Promise<number> {
  const outer = (await readFile(join(folder, 'enclosure.pid'), 'utf8').catch(() => '')).trim()
  const inner = await readFile(`/proc/${outer}/task/${outer}/children`, 'utf8').catch(() => '')
  if (!inner.trim()) throw new StartError(`${folder} is no cluster that runs.`)
  const into = ['--net', '--mount', '--pid', `--wdns=${process.cwd()}`]
  const nsenter = ['nsenter', '--target', inner.trim(), ...into]
  const child = Bun.spawn([...nsenter, ...command], {
    env: { ...process.env, ...settingsOf({ folder }) },
    stdio: ['inherit', 'inherit', 'inherit'],
  })
  return child.exited
}

const hierarchies = '/sys/fs/cgroup'

/** The control groups of a cluster are named as its folder. */
export const groupOf = (folder: string): string => `/${basename(folder)}`

const prefix = 'plexus-cluster-'

/** What a program that was killed could not tidy up. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    const pid = await readFile(join(folder, 'enclosure.pid'), 'utf8').catch(() => null)
    if (pid !== null && !existsSync(`/proc/${pid}`)) await tidy(folder)
  }
}

async function tidy(folder: string): Promise<void> {
  for (const name of await readdir(hierarchies))
    await removeGroups(join(hierarchies, name, groupOf(folder)))
  await removeGroups(join(hierarchies, groupOf(folder)))
  await rm(folder, { recursive: true, force: true })
}

/** A group is a folder that can only be removed when it has no process and no group in it. */
async function removeGroups(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeGroups(join(folder, entry.name))
  await rmdir(folder).catch(() => {})
}

/** A folder in the cluster's place that is there. */
export async function folderIn(...parts: readonly [string, ...string[]]): Promise<string> {
  const path = join(...parts)
  await mkdir(path, { recursive: true })
  return path
}
