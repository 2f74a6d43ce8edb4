import { readdir, readFile } from 'node:fs/promises'

type Process = { readonly pid: number; readonly parent: number; readonly command: string }

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = pids.map(async (pid) => {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
    const [stat, command] = await Promise.all([read('stat'), read('cmdline')])
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    return { pid, parent, command: command.replaceAll('\0', ' ') }
  })
  return Promise.all(found)
}

/** Resident bytes; pages that several processes share are counted once, in parts. 0 when it has ended. */
async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1_024
}

/**
 * What `up` and its PostgreSQL hold in memory, in MB by part. The server is not a child of `up`: it
 * is known by its data folder.
 */
export async function memoryOf(upPid: number, dataDir: string) {
  const all = await processes()
  const isServer = ({ command }: Process) => command.includes(`${dataDir}/postgres`)
  const roots = new Set(all.filter(isServer).map(({ pid }) => pid))
  const server = all.filter(({ pid, parent }) => roots.has(pid) || roots.has(parent))
  const sum = async (pids: readonly number[]) => {
    const bytes = await Promise.all(pids.map(residentBytes))
    return bytes.reduce((total, one) => total + one, 0) / 1_000_000
  }
  return { plexus: await sum([upPid]), postgres: await sum(server.map(({ pid }) => pid)) }
}
