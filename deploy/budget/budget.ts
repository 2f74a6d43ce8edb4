import type { Container, Workload } from '../model/workload.ts'
import { at } from '../render/json.ts'
import type { Profile } from '../render/overlay.ts'
import { type BudgetRow, systemRows } from './system.ts'

const units: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  '': 1,
}

/** A quantity of memory in MiB. Throws for what is none. */
export function mibFrom(quantity: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G|)$/.exec(quantity) ?? []
  const size = units[unit]
  if (!amount || size === undefined) throw new Error(`"${quantity}" is no quantity of memory`)
  return (Number(amount) * size) / 2 ** 20
}

const requestOf = ({ value }: Container): number =>
  mibFrom(String(at(value, 'resources.requests.memory') ?? '0'))

const isSidecar = ({ value }: Container) => value.restartPolicy === 'Always'

/** As the scheduler counts: all that run at a time, or the largest that runs before them. */
export function podMib({ containers }: Workload): number {
  const together = containers.filter((one) => !one.isInit || isSidecar(one))
  const before = containers.filter((one) => one.isInit && !isSidecar(one))
  const sum = together.reduce((mib, one) => mib + requestOf(one), 0)
  return Math.max(sum, ...before.map(requestOf))
}

/** Jobs follow one another on a small node: the largest one counts. */
function endingRow(workloads: readonly Workload[]): BudgetRow[] {
  const [largest] = workloads
    .filter(({ isServing }) => !isServing)
    .toSorted((a, b) => podMib(b) - podMib(a))
  return largest ? [{ part: `the largest Job (${largest.name})`, mib: podMib(largest) }] : []
}

const servingRow = (workload: Workload): BudgetRow => ({
  part: `${workload.namespace}/${workload.name} x${workload.replicas}`,
  mib: workload.replicas * podMib(workload),
})

/** All that a node of a profile is asked for. */
export const budgetOf = (profile: Profile, workloads: readonly Workload[]): BudgetRow[] => [
  ...systemRows[profile],
  ...workloads.filter(({ isServing }) => isServing).map(servingRow),
  ...endingRow(workloads),
]

export const sumOf = (rows: readonly BudgetRow[]): number =>
  Math.round(rows.reduce((sum, { mib }) => sum + mib, 0))

/** The rows and their sum, for people. */
export function budgetPage(profile: Profile, rows: readonly BudgetRow[], most: number): string {
  const lines = rows
    .filter(({ mib }) => mib > 0)
    .map(({ part, mib }) => `${String(Math.round(mib)).padStart(6)}  ${part}`)
  return [`${profile} (MiB)`, ...lines, `${String(sumOf(rows)).padStart(6)}  of ${most}`].join('\n')
}
