import { join } from 'node:path'
import { reportFrom } from '../check/junit.ts'
import { idsOf } from './claims.ts'

type Outcome = 'passed' | 'failed' | 'skipped'

/** How the tests that name a requirement ended in the last check, by its id. */
export type Results = ReadonlyMap<string, ReadonlySet<Outcome>>

/** Null when there was no check yet. */
export async function lastResults(root: string): Promise<Results | null> {
  const reports = await Promise.all(
    ['tests', 'browser'].map((kind) =>
      Bun.file(join(root, 'coverage', kind, 'junit.xml'))
        .text()
        .catch(() => ''),
    ),
  )
  const cases = reports.flatMap((xml) => reportFrom(xml).cases)
  if (cases.length === 0) return null
  const results = new Map<string, Set<Outcome>>()
  for (const { name, outcome } of cases) {
    for (const id of idsOf(name)) results.set(id, (results.get(id) ?? new Set()).add(outcome))
  }
  return results
}
