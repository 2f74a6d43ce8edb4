import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const script = resolve(import.meta.dir, '../../vps/install.sh')
const stub = join(import.meta.dir, 'stub')

/** Every program that the script calls and that would change this machine, or depends on it. */
const stubbed = [
  ...['apt-get', 'curl', 'dpkg-query', 'install', 'mv'],
  ...['ss', 'sshd', 'sysctl', 'systemctl', 'ufw'],
]

export type Run = { readonly code: number; readonly output: string; readonly lines: string[] }
type Variables = Readonly<Record<string, string>>

/** A root file system and the state of a machine that is none, in a folder of its own. */
export type Machine = {
  run(mode?: '--check' | '--dry-run' | null, variables?: Variables): Promise<Run>
  /** What was called, of what changes something, since the machine began. */
  changes(): Promise<string[]>
  /** Every file with its content, and what the stubs keep; the calls are left out. */
  snapshot(): Promise<Record<string, string>>
  write(path: string, text: string): Promise<void>
  /** Rules of the firewall that somebody else has made. */
  rule(...rules: string[]): Promise<void>
}

const ubuntu = 'ID=ubuntu\nVERSION_ID="24.04"\n'
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ operator\n'

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [path.slice(folder.length), await readFile(path, 'utf8')] as const
  })
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => a.localeCompare(b)))
}

async function machineIn(folder: string): Promise<Machine> {
  const [root, state, bin] = ['root', 'state', 'bin'].map((name) => join(folder, name))
  if (!root || !state || !bin) throw new Error('A machine has three folders.')
  for (const path of [root, state, bin]) await mkdir(path)
  for (const name of stubbed) await symlink(stub, join(bin, name))
  const write = async (path: string, text: string) => {
    await mkdir(resolve(root + path, '..'), { recursive: true })
    await writeFile(root + path, text)
  }
  await write('/etc/os-release', ubuntu)
  await write('/root/.ssh/authorized_keys', key)
  return {
    write,
    rule: (...rules) => writeFile(join(state, 'rules'), `${rules.join('\n')}\n`),
    async run(mode = null, variables = {}) {
      const child = Bun.spawn(['bash', script, ...(mode ? [mode] : [])], {
        env: { PATH: `${bin}:/usr/bin:/bin`, PLEXUS_ROOT: root, STATE: state, ...variables },
        stdout: 'pipe',
        stderr: 'pipe',
        // A group of its own, which a stub may kill.
        detached: true,
      })
      const [said, complained] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ])
      const output = said + complained
      return { code: await child.exited, output, lines: said.trim().split('\n') }
    },
    async changes() {
      const text = await readFile(join(state, 'changes'), 'utf8').catch(() => '')
      return text.split('\n').filter(Boolean)
    },
    async snapshot() {
      const { '/changes': _, ...kept } = await filesIn(state)
      return { ...(await filesIn(root)), ...kept }
    },
  }
}

/** A bare machine with one key for root, gone afterwards. */
export async function withMachine(work: (machine: Machine) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-vps-'))
  try {
    await work(await machineIn(folder))
  } finally {
    await rm(folder, { recursive: true })
  }
}
