import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, reportFrom } from '../../stack/check/junit.ts'
import { lastLineOf } from '../../stack/check/tally.ts'
import { ensureTool } from '../tools/build.ts'
import { toolPath } from '../tools/path.ts'
import { runnerConfigFrom } from './config.ts'
import { type Run, reportText } from './report.ts'
import { scrubbed } from './scrub.ts'
import { type Tier, tierOf } from './tiers.ts'
import { programVersion, versionOf } from './versions.ts'

const root = join(import.meta.dir, '../..')
const reports = join(root, 'deploy/reports')

type Options = {
  readonly args: readonly string[]
  readonly env: Record<string, string | undefined>
  readonly now: () => number
}

/** Makes what is missing. Without a flag, what cannot be made is skipped by name, except in CI. */
async function prepare({ flag, tools }: Tier, { env, now }: Options): Promise<Run['made']> {
  const made: { name: string; seconds: number }[] = []
  for (const name of tools.filter((tool) => !toolPath(tool))) {
    const began = now()
    console.log(`Building ${name} …`)
    try {
      await ensureTool(name)
      made.push({ name, seconds: (now() - began) / 1000 })
    } catch (error) {
      if (flag || runnerConfigFrom(env).isCi) throw error
      console.error(error instanceof Error ? error.message : error)
    }
  }
  return made
}

async function filesOf({ files }: Tier): Promise<string[]> {
  const found = (await Array.fromAsync(new Bun.Glob(files).scan({ cwd: root }))).sort()
  if (found.length > 0) return found
  throw new Error(`There are no tests in ${files}.`)
}

type Tested = { readonly xml: string; readonly exitCode: number; readonly cpuSeconds: number }

/** As low as the machine lets it: one process, in the order of the files' names. */
async function test({ timeoutMs, beside }: Tier, files: readonly string[]): Promise<Tested> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-report-'))
  const outfile = join(folder, 'junit.xml')
  const child = Bun.spawn(
    [
      ...beside.flatMap((part, place) => (place === 0 ? [process.execPath, part] : [part])),
      ...[process.execPath, 'test', `--timeout=${timeoutMs}`],
      ...['--reporter=junit', `--reporter-outfile=${outfile}`],
      ...files.map((file) => `./${file}`),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NO_COLOR: '1' } },
  )
  const exitCode = await child.exited
  const cpuSeconds = Number(child.resourceUsage()?.cpuTime.total ?? 0n) / 1e6
  const xml = await readFile(outfile, 'utf8').catch(() => '')
  await rm(folder, { recursive: true })
  return { xml, exitCode, cpuSeconds }
}

/** A file that broke before its first test is in no report. */
const brokenFiles = (files: readonly string[], report: Report) =>
  files.filter((file) => !report.files.includes(file))

async function write(name: string, xml: string, text: string) {
  await mkdir(reports, { recursive: true })
  await writeFile(join(reports, `${name}.xml`), scrubbed(xml))
  await writeFile(join(reports, `${name}.md`), scrubbed(text))
}

/** Runs the tests of a tier and reports them; false when anything failed. Throws when it cannot begin. */
export async function runTier(options: Options): Promise<boolean> {
  const tier = tierOf(options.args)
  const files = await filesOf(tier)
  const made = await prepare(tier, options)
  const began = options.now()
  const { xml, exitCode, cpuSeconds } = await test(tier, files)
  const report = reportFrom(xml)
  const broken = brokenFiles(files, report)
  const run: Run = {
    command: ['bun run deploy:test', ...options.args].join(' '),
    date: new Date(began),
    seconds: (options.now() - began) / 1000,
    cpuSeconds,
    versions: [
      { name: 'bun', version: Bun.version },
      ...tier.tools.map(versionOf),
      ...tier.programs.map(programVersion),
    ],
    made,
    notRun: [...tier.notRun, ...broken.map((step) => ({ step, why: 'the file does not load' }))],
    report,
  }
  await write(tier.report, xml, reportText(run))
  console.log(lastLineOf(report.tally))
  return exitCode === 0 && broken.length === 0
}
