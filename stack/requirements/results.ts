import { join } from 'node:path'
import { type Case, reportFrom } from '../check/junit.ts'

/** How each test ended in the last check. */
export type Results = readonly Case[]

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
  return cases.length === 0 ? null : cases
}
