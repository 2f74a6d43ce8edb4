import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type Cell, tableOf } from '../table.ts'
import type { Cold } from './cold.ts'
import { clients } from './generator.ts'
import { type Goal, goals, knownRatios, ratioTolerance } from './goals.ts'
import { plain, renamed } from './naming.ts'
import type { OperationName } from './operations.ts'
import { layout } from './place.ts'
import { type RowName, rows, type Sharing } from './rows.ts'
import type { Result } from './section.ts'

/** Everything that one run has measured. */
export type Found = {
  readonly results: readonly Result[]
  readonly cold: ReadonlyMap<RowName, Cold>
  /** CPU ms of the engine alone, for the small operation. */
  readonly pureMs: number | null
}

type Key = {
  readonly row: RowName
  readonly sharing?: Sharing
  readonly operation?: OperationName
  readonly isRenamed?: boolean
}

const measuredIn =
  ({ results }: Found) =>
  ({ row, sharing = 'none', operation = 'large', isRenamed = false }: Key) =>
    results.find(
      (one) =>
        one.row === row &&
        one.sharing === sharing &&
        one.operation === operation &&
        one.naming === (isRenamed ? renamed : plain),
    )?.measured

const missing = '-'
const three = (value: number | undefined) => value?.toFixed(3) ?? missing
const whole = (value: number | undefined) => value?.toFixed(0) ?? missing

function largeTable(found: Found, names: readonly RowName[]): string {
  const of = measuredIn(found)
  const base = of({ row: 'stitched' })?.cpuMs
  const lines = names.map((row): Cell[] => {
    const none = of({ row })
    const less = base && none ? (base / none.cpuMs).toFixed(1) : missing
    const shared = (['subgraph', 'client'] as const).map((sharing) => of({ row, sharing })?.cpuMs)
    return [
      ...[rows[row].name, three(none?.cpuMs), less, ...shared.map(three)],
      ...[none?.perSecond, none?.p50Ms, none?.p99Ms, none?.rssMb].map(whole),
      whole(found.cold.get(row)?.subgraphRequests),
    ]
  })
  const head = [
    ...['gateway', 'nothing shared, CPU ms', 'times less than stitching'],
    ...['subgraph requests shared, CPU ms', 'client requests shared, CPU ms'],
    ...['requests/s', 'p50 ms', 'p99 ms', 'RSS MB', 'subgraph requests'],
  ]
  return tableOf(head, lines)
}

function smallTable(found: Found, names: readonly RowName[]): string {
  const of = measuredIn(found)
  const lines = names.map((row): Cell[] => {
    const cold = found.cold.get(row)
    const small = (['two fetches', 'one fetch'] as const).map((operation) => of({ row, operation }))
    return [
      ...[rows[row].name, ...small.map((measured) => three(measured?.cpuMs))],
      ...[three(cold?.unseenCpuMs), whole(cold?.firstMs)],
      ...[cold ? (cold.startMs / 1_000).toFixed(2) : missing, whole(cold?.idleMb)],
    ]
  })
  const head = [
    ...['gateway', 'two fetches, CPU ms', 'one fetch, CPU ms', 'large at first sight, CPU ms'],
    ...['first of all, ms', 'start, s', 'idle MB'],
  ]
  return tableOf(head, lines)
}

/** What the goals are about, where this run measured it. */
function valuesOf(found: Found): Record<keyof typeof goals, number | undefined> {
  const of = measuredIn(found)
  const cpuMs = (key: Key) => of(key)?.cpuMs
  const ours = cpuMs({ row: 'compiled' })
  const timesLess = (other: number | undefined) => (ours && other ? other / ours : undefined)
  const cold = found.cold.get('compiled')
  const other = cpuMs({ row: 'compiled', isRenamed: true })
  return {
    lessThanStitched: timesLess(cpuMs({ row: 'stitched' })),
    lessThanHive: timesLess(cpuMs({ row: 'hive-rust-bun' })),
    none: ours,
    subgraph: cpuMs({ row: 'compiled', sharing: 'subgraph' }),
    client: cpuMs({ row: 'compiled', sharing: 'client' }),
    small: cpuMs({ row: 'compiled', operation: 'one fetch' }),
    pure: found.pureMs ?? undefined,
    unseen: cold?.unseenCpuMs,
    start: cold && cold.startMs / 1_000,
    idle: cold?.idleMb,
    renaming: ours && other && Math.abs(other / ours - 1) * 100,
  }
}

function goalTable(found: Found): string {
  const values = valuesOf(found)
  const line = ([name, goal]: [string, Goal]): Cell[] => {
    const value = Object.entries(values).find(([key]) => key === name)?.[1]
    const isKept = value !== undefined && (goal.atLeast ? value >= goal.bound : value <= goal.bound)
    const verdict = isKept ? 'yes' : 'no'
    const bound = `${goal.atLeast ? 'at least' : 'at most'} ${goal.bound} ${goal.unit}`
    return [goal.text, bound, three(value), value === undefined ? missing : verdict]
  }
  return tableOf(['goal', 'bound', 'measured', 'kept'], Object.entries(goals).map(line))
}

/** Peers whose distance from stitching is not the known one: explain these before believing the rest. */
function strangers(found: Found, names: readonly RowName[]): string[] {
  const of = measuredIn(found)
  const base = of({ row: 'stitched' })?.cpuMs
  return names.flatMap((row) => {
    const known = knownRatios[row]
    const cpuMs = of({ row })?.cpuMs
    if (!known || !cpuMs || !base) return []
    const off = cpuMs / base / known - 1
    if (Math.abs(off) <= ratioTolerance) return []
    const ratio = (cpuMs / base).toFixed(2)
    return `${rows[row].name}: ${ratio} of stitching, known as ${known.toFixed(2)}.`
  })
}

const Installed = z.object({ devDependencies: z.record(z.string(), z.string()) })

async function versions(): Promise<string> {
  const text = await readFile(join(import.meta.dir, 'peers/package.json'), 'utf8')
  const { devDependencies } = Installed.parse(JSON.parse(text))
  const node = Bun.spawnSync(['node', '--version']).stdout.toString().trim().slice(1)
  const packages = Object.entries(devDependencies).map(([name, version]) => `${name} ${version}`)
  return [`Bun ${Bun.version}`, `Node ${node}`, ...packages].join(', ')
}

/** The section of the README. */
export async function reportOf(found: Found, names: readonly RowName[]): Promise<string> {
  const { length } = cpus()
  const odd = strangers(found, names)
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${length} cores of ${cpus()[0]?.model.trim()}, ${layout}.`,
    `${await versions()}. ${clients} clients that keep their connections.`,
    ...['', largeTable(found, names), '', smallTable(found, names), '', goalTable(found)],
    ...(odd.length > 0 ? ['', 'Not at the known distance from stitching:', ...odd] : []),
  ].join('\n')
}

const readme = join(import.meta.dir, '../README.md')
const markers = ['<!-- bench:gateway -->', '<!-- /bench:gateway -->'] as const

/** Puts the report between its markers. Throws when the README has none. */
export async function writeReport(report: string): Promise<void> {
  const text = await readFile(readme, 'utf8')
  const [begin, end] = markers.map((marker) => text.indexOf(marker))
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`bench/README.md has no ${markers.join(' … ')}.`)
  const before = text.slice(0, begin + markers[0].length)
  await writeFile(readme, `${before}\n${report}\n${text.slice(end)}`)
}
