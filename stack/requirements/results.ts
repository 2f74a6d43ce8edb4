import { join } from 'node:path'
import { type Case, reportFrom } from '../check/junit.ts'

/** How each test ended in the last check, and each suite of the deployment in its last report. */
export type Results = readonly Case[]

const checked = ['coverage/tests/junit.xml', 'coverage/browser/junit.xml']
const isSuite = ({ file }: Case) => file.endsWith('.suite.ts')

async function casesIn(root: string, paths: readonly string[]): Promise<Case[]> {
  const texts = paths.map((path) =>
    Bun.file(join(root, path))
      .text()
      .catch(() => ''),
  )
  return (await Promise.all(texts)).flatMap((xml) => reportFrom(xml).cases)
}

/** Null when there was no check yet. */
export async function lastResults(root: string): Promise<Results | null> {
  const cases = await casesIn(root, checked)
  if (cases.length === 0) return null
  const reports = await Array.fromAsync(new Bun.Glob('deploy/reports/*.xml').scan({ cwd: root }))
  return [...cases, ...(await casesIn(root, reports)).filter(isSuite)]
}
