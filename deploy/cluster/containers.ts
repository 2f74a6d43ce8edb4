import { readdir, readFile } from 'node:fs/promises'
import { program } from '../../stack/program.ts'
import { pods } from './kubectl.ts'
import { type Place, socketOf } from './place.ts'

const kibibytes = (text: string, field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)

/** Megabytes of memory that are a process's own, and its share of what several use. */
export async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return (kibibytes(text, 'Pss') * 1_024) / 1e6
}

async function tasks(place: Place): Promise<ReadonlyMap<string, number>> {
  const text = await program(['ctr', '--address', socketOf(place), '-n', 'k8s.io', 'task', 'ls'])
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  return new Map(rows.map(([id = '', pid = '']) => [id, Number(pid)]))
}

/** A process and those that it has started. */
async function withChildren(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...(await Promise.all(children.map(withChildren))).flat()]
}

/** Megabytes of each pod that runs, all processes of its containers together. */
export async function memoryOfPods(place: Place): Promise<{ name: string; megabytes: number }[]> {
  const running = await tasks(place)
  const found = await pods(place, '--all-namespaces')
  const rows = found.map(async ({ metadata, status }) => {
    const ids = status.containerStatuses.flatMap(({ containerID }) =>
      containerID ? [containerID.replace('containerd://', '')] : [],
    )
    const pids = ids.flatMap((id) => running.get(id) ?? [])
    const all = (await Promise.all(pids.map(withChildren))).flat()
    const sizes = await Promise.all(all.map(pssOf))
    return {
      name: `${metadata.namespace}/${metadata.labels['app.kubernetes.io/name'] ?? metadata.name}`,
      megabytes: sizes.reduce((sum, size) => sum + size, 0),
    }
  })
  return (await Promise.all(rows)).filter(({ megabytes }) => megabytes > 0)
}

/** Megabytes of every program of the node itself, by its name. */
export async function memoryOfNode(names: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const name = (await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '')).trim()
    const known = names.find((full) => full.startsWith(name) && name.length >= 4)
    if (known) sizes.set(known, (sizes.get(known) ?? 0) + (await pssOf(Number(entry))))
  }
  return sizes
}
