import { createHash } from 'node:crypto'
import { type Fleet, type Instance, startFleet } from '../stack/testing/fleet.ts'
import { shareOf, tableOf } from './table.ts'

const changes = 1_000
const waitMs = 10_000

type Operation = { readonly hash: string; readonly name: string; readonly document: string }

const operationOf = (index: number): Operation => {
  const name = `Bench${index}`
  const document = `query ${name} { __typename }`
  return { name, document, hash: createHash('sha256').update(document).digest('hex') }
}

/** As the subgraph that owns the registry writes it. */
const rowOf = (operation: Operation) => ({
  ...operation,
  ...{ client: 'public', kind: 'query', cost: 0, contract: 'public' },
})

/** Milliseconds until an instance answers with this status. */
async function untilStatus({ url }: Instance, { hash }: Operation, status: number) {
  const startedAt = performance.now()
  for (;;) {
    const response = await fetch(`${url}/graphql/sha256:${hash}`)
    await response.body?.cancel()
    const ms = performance.now() - startedAt
    if (response.status === status) return ms
    if (ms > waitMs) throw new Error(`${url} answers ${response.status} after ${waitMs} ms.`)
    await Bun.sleep(2)
  }
}

/** When the last of all instances has heard of it, counted from the commit. */
const everywhere = async ({ instances }: Fleet, operation: Operation, status: number) =>
  Math.max(...(await Promise.all(instances.map((one) => untilStatus(one, operation, status)))))

const line = (what: string, times: readonly number[]) => {
  const sorted = times.toSorted((one, other) => one - other)
  return [what, times.length, shareOf(sorted, 0.5), shareOf(sorted, 0.99), sorted.at(-1) ?? 0]
}

/** Operations are published and retired: how soon each of three gateway processes knows. */
export async function registry(): Promise<string> {
  const fleet = await startFleet(3)
  const sql = fleet.system.db.connectAdmin()
  try {
    const [published, retired]: [number[], number[]] = [[], []]
    for (let index = 0; index < changes / 2; index += 1) {
      const operation = operationOf(index)
      await sql`insert into auth.operation ${sql(rowOf(operation))}`
      published.push(await everywhere(fleet, operation, 200))
      await sql`update auth.operation set retired_at = now() where hash = ${operation.hash}`
      retired.push(await everywhere(fleet, operation, 410))
    }
    return tableOf(
      [
        'the registry changes, on 3 processes',
        'changes',
        'p50 ms',
        'p99 ms (goal 1000)',
        'slowest',
      ],
      [line('published: answered by all', published), line('retired: refused by all', retired)],
    )
  } finally {
    await fleet.stop()
  }
}
