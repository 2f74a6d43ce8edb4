import { join } from 'node:path'
import { claimFaults } from '../requirements/claims.ts'
import { readRows } from '../requirements/rows.ts'
import { testSources } from '../requirements/sources.ts'
import { findChromium } from '../testing/chromium.ts'
import { withoutBrowser } from './browser.ts'
import { budgetFaults } from './budgets.ts'
import type { CheckConfig } from './config.ts'
import { coverageFaults, coverageTable, linesFrom, partsOf } from './coverage.ts'
import { cycleFaults } from './cycles.ts'
import { commentFaults, environmentFaults, guardFaults, nameFaults } from './habits.ts'
import { entryFaults, importFaults } from './imports.ts'
import { sharedServers } from './servers.ts'
import { isBrowserTest, readSources, type Source } from './source.ts'
import { commandStep, type Step, verdict } from './step.ts'
import { runTests } from './tests.ts'

const biome = [
  ...['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ...['--error-on-warnings', '--colors=off', '--max-diagnostics=30'],
]
// What the last run found out is kept: the next one reads again only what a change touches.
const kept = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/plexus/types-native.json']
// The native compiler reads it all in a fifth of the time; it has no API yet, for which TypeScript 6 stays.
const tsc = ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', '.', ...kept]

/** Slow tests wait for a database that two test processes share. */
const timeoutMs = 60_000
const workers = 2

const isTestFile = ({ path }: Source) => /\.test\.tsx?$/.test(path)

async function packagesIn(root: string) {
  const { dependencies, devDependencies } = await Bun.file(join(root, 'package.json')).json()
  return { runtime: Object.keys(dependencies), development: Object.keys(devDependencies) }
}

type Gate = {
  readonly root: string
  readonly config: CheckConfig
  readonly sources: readonly Source[]
}

/**
 * The steps of `bun run check`, in the order in which they run: what is cheap to know is said
 * first.
 */
export async function stepsOf(root: string, config: CheckConfig): Promise<Step[]> {
  const sources = await readSources(root)
  const gate = { root, config, sources }
  return [
    { name: 'format and lint', run: () => commandStep(biome, { root }) },
    { name: 'types', run: () => commandStep(tsc, { root }) },
    { name: 'import directions', run: () => directions(gate) },
    { name: 'house style', run: () => style(gate) },
    { name: 'schema', run: () => commandStep(['stack/schema.ts', '--check'], { root }) },
    { name: 'operations', run: () => operations() },
    { name: 'safe change', run: () => commandStep(['stack/schema.ts', 'check'], { root }) },
    { name: 'tests', run: () => unitTests(gate) },
    { name: 'browser tests', run: () => browserTests(gate) },
    { name: 'coverage', run: () => coverage(gate) },
  ]
}

async function directions({ root, sources }: Gate) {
  const packages = await packagesIn(root)
  return verdict([
    ...importFaults(sources, packages),
    ...entryFaults(sources),
    ...cycleFaults(sources),
  ])
}

const style = async ({ root, sources }: Gate) =>
  verdict([
    ...claimFaults(await testSources(root), await readRows(root)),
    ...nameFaults(sources),
    ...environmentFaults(sources),
    ...commentFaults(sources),
    ...guardFaults(sources),
    ...budgetFaults(sources),
  ])

/** Loaded when its turn comes: what does not load fails one step, not all of them. */
async function operations() {
  const { operationsDrift } = await import('../operations.ts')
  return verdict(await operationsDrift())
}

const resultsOf = (root: string, kind: 'tests' | 'browser') => join(root, 'coverage', kind)

const measuredIn = (folder: string) => [
  '--coverage',
  '--coverage-reporter=lcov',
  `--coverage-dir=${folder}`,
]

async function unitTests({ root, sources, config }: Gate) {
  const paths = sources.filter(isTestFile).map(({ path }) => path)
  const files = paths.filter((path) => !isBrowserTest(path))
  const folder = resultsOf(root, 'tests')
  const flags = [`--parallel=${workers}`, `--timeout=${timeoutMs}`, ...measuredIn(folder)]
  const env = await sharedServers(config)
  return runTests({ root, files, folder, flags, env })
}

/** Each of the processes has a browser of its own, which its files share. */
async function browserTests({ root, sources, config }: Gate) {
  const tests = sources.filter(({ path }) => isBrowserTest(path))
  const chromium = findChromium(config.chromium)
  if (!chromium) return withoutBrowser(tests, config.isCi)
  const files = tests.map(({ path }) => path)
  const folder = resultsOf(root, 'browser')
  const flags = [`--parallel=${workers}`, `--timeout=${2 * timeoutMs}`, ...measuredIn(folder)]
  const env = { ...(await sharedServers(config)), PLEXUS_CHROMIUM: chromium }
  return runTests({ root, files, folder, flags, env })
}

/** What either kind of test ran counts as run. */
async function coverage({ root, sources }: Gate) {
  const reports = (['tests', 'browser'] as const).map((kind) =>
    Bun.file(join(resultsOf(root, kind), 'lcov.info'))
      .text()
      .catch(() => ''),
  )
  const measured = linesFrom((await Promise.all(reports)).join('\n'))
  if (measured.size === 0) return verdict(['Nothing was measured: the tests did not run.'])
  const parts = partsOf(measured, sources)
  return verdict(coverageFaults(parts, measured, sources), coverageTable(parts))
}
