import { availableParallelism, totalmem } from 'node:os'
import type { Report } from '../../stack/check/junit.ts'
import { lastLineOf } from '../../stack/check/tally.ts'
import type { NotRun } from './not-run.ts'

export type Version = { readonly name: string; readonly version: string }

export type Run = {
  readonly command: string
  readonly date: Date
  readonly seconds: number
  readonly cpuSeconds: number
  readonly versions: readonly Version[]
  readonly made: readonly { readonly name: string; readonly seconds: number }[]
  readonly notRun: readonly NotRun[]
  readonly report: Report
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
]

const gibibytes = () => Math.round(totalmem() / 2 ** 30)

const skippedOf = (report: Report): NotRun[] =>
  report.skipped.map((step) => ({ step, why: 'skipped: see its name' }))

/** What was run, on what, with what, and what was not; for a person, beside the JUnit file. */
export function reportText(run: Run): string {
  const missing = [...run.notRun, ...skippedOf(run.report)]
  const lines = [
    `# \`${run.command}\``,
    '',
    `${run.date.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${gibibytes()} GiB.`,
    `${lastLineOf(run.report.tally)}, in ${run.seconds.toFixed(0)} s (${run.cpuSeconds.toFixed(0)} CPU-s of the tests themselves).`,
    '',
    ...table(
      ['program', 'version'],
      run.versions.map(({ name, version }) => [name, version]),
    ),
    ...(run.made.length > 0
      ? ['', 'Built in this run, since the cache had none:', '']
      : ['', 'All programs were in the cache.']),
    ...(run.made.length > 0
      ? table(
          ['program', 'seconds'],
          run.made.map(({ name, seconds }) => [name, seconds.toFixed(0)]),
        )
      : []),
    '',
    '## Not run, and why',
    '',
    ...(missing.length > 0
      ? table(
          ['step', 'why'],
          missing.map(({ step, why }) => [step, why]),
        )
      : ['Nothing was left out.']),
    '',
  ]
  return lines.join('\n')
}
