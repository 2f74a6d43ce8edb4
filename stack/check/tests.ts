import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reportFrom } from './junit.ts'
import { type Finding, runBun } from './step.ts'

type TestRun = {
  readonly root: string
  /** Test files, relative to the root. */
  readonly files: readonly string[]
  /** Where report, coverage and the whole output are written; emptied first. */
  readonly folder: string
  readonly flags?: readonly string[]
  readonly env?: Record<string, string>
}

/**
 * What Bun says outside any test, and what a test does not report: a file that does not load, a
 * crash.
 */
const strayErrorsIn = (output: string): string[] =>
  [...output.matchAll(/# Unhandled error between tests\n-+\n([\s\S]*?)\n-{10,}/g)].map(
    ([, text = '']) => text,
  )

/**
 * Runs test files and counts them. A file that broke before its first test is a failure of its own,
 * and so is a run that ends badly for a reason that no test names.
 */
export async function runTests(run: TestRun): Promise<Finding> {
  const { root, files, folder, flags = [], env = {} } = run
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const reportFile = join(folder, 'junit.xml')
  const reporter = ['--reporter=junit', `--reporter-outfile=${reportFile}`]
  const paths = files.map((file) => `./${file}`)
  const args = ['test', ...flags, ...reporter, ...paths]
  const { output, exitCode } = await runBun(args, { root, env })
  await Bun.write(join(folder, 'output.txt'), output)
  const xml = await Bun.file(reportFile)
    .text()
    .catch(() => '')
  const report = reportFrom(xml)
  const missing = files
    .filter((file) => !report.files.includes(file))
    .map((file) => `${file} ran no test`)
  const unexplained =
    exitCode !== 0 && report.tally.failed === 0 && missing.length === 0
      ? [`bun test ended with ${exitCode}`]
      : []
  const broken = [...missing, ...unexplained]
  const strays = broken.length > 0 ? strayErrorsIn(output) : []
  return {
    tally: { ...report.tally, failed: report.tally.failed + broken.length },
    faults: [...report.failures, ...strays, ...broken],
    notes: report.skipped.map((name) => `skipped: ${name}`),
  }
}
