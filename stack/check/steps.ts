import { join } from 'node:path'
import { findChromium, withoutBrowser } from './browser.ts'
import { budgetFaults } from './budgets.ts'
import type { CheckConfig } from './config.ts'
import { coverageFaults, coverageTable, linesFrom, partsOf } from './coverage.ts'
import { cycleFaults } from './cycles.ts'
import { commentFaults, environmentFaults, nameFaults } from './habits.ts'
import { entryFaults, importFaults } from './imports.ts'
import { isBrowserTest, readSources, type Source } from './source.ts'
import { commandStep, type Step, verdict } from './step.ts'
import { runTests } from './tests.ts'

const biome = [
  ...['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ...['--error-on-warnings', '--colors=off', '--max-diagnostics=30'],
]
const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']

/** Slow tests wait for a database that two test processes share. */
const timeoutMs = 60_000
const workers = 2

const isTestFile = ({ path }: Source) => /\.test\.tsx?$/.test(path)

async function packagesIn(root: string) {
  const { dependencies, devDependencies } = await Bun.file(join(root, 'package.json')).json()
  return { runtime: Object.keys(dependencies), development: Object.keys(devDependencies) }
}

/** The steps of `bun run check`, in the order in which they run: what is cheap to know is said first. */
export async function stepsOf(root: string, config: CheckConfig): Promise<Step[]> {
  const sources = await readSources(root)
  const packages = await packagesIn(root)
  const results = join(root, 'coverage')
  const lcov = join(results, 'tests', 'lcov.info')
  return [
    { name: 'format and lint', run: () => commandStep(biome, { root }) },
    { name: 'types', run: () => commandStep(tsc, { root }) },
    {
      name: 'import directions',
      run: async () =>
        verdict([
          ...importFaults(sources, packages),
          ...entryFaults(sources),
          ...cycleFaults(sources),
        ]),
    },
    {
      name: 'house style',
      run: async () =>
        verdict([
          ...nameFaults(sources),
          ...environmentFaults(sources),
          ...commentFaults(sources),
          ...budgetFaults(sources),
        ]),
    },
    { name: 'schema', run: () => commandStep(['stack/schema.ts', '--check'], { root }) },
    { name: 'operations', run: () => operations() },
    { name: 'tests', run: () => unitTests(root, sources, join(results, 'tests')) },
    { name: 'coverage', run: () => coverage(lcov, sources) },
    { name: 'browser tests', run: () => browserTests({ root, sources, results, config }) },
  ]
}

/** Loaded when its turn comes: what does not load fails one step, not all of them. */
async function operations() {
  const { operationsDrift } = await import('../operations.ts')
  return verdict(await operationsDrift())
}

/** One PostgreSQL serves all test processes. */
async function withPostgres<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const { leaveTestServer, testServer } = await import('../testing/server.ts')
  const { adminUrl } = await testServer()
  try {
    return await work({ PLEXUS_TEST_POSTGRES: adminUrl })
  } finally {
    await leaveTestServer()
  }
}

function unitTests(root: string, sources: readonly Source[], folder: string) {
  const files = sources.filter(isTestFile).map(({ path }) => path)
  const coverageFlags = ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${folder}`]
  const flags = [`--parallel=${workers}`, `--timeout=${timeoutMs}`, ...coverageFlags]
  return withPostgres((env) =>
    runTests({
      root,
      files: files.filter((path) => !isBrowserTest(path)),
      folder,
      flags,
      env,
    }),
  )
}

async function coverage(lcovFile: string, sources: readonly Source[]) {
  const file = Bun.file(lcovFile)
  if (!(await file.exists())) return verdict(['No coverage was measured: the tests did not run.'])
  const measured = linesFrom(await file.text())
  const parts = partsOf(measured, sources)
  return verdict(coverageFaults(parts, measured, sources), coverageTable(parts))
}

type BrowserRun = {
  readonly root: string
  readonly sources: readonly Source[]
  readonly results: string
  readonly config: CheckConfig
}

/** One process for all of them, so that they can share a browser and a running stack. */
async function browserTests({ root, sources, results, config }: BrowserRun) {
  const tests = sources.filter(({ path }) => isBrowserTest(path))
  const chromium = findChromium(config.chromium)
  if (!chromium) return withoutBrowser(tests, config.isCi)
  const files = tests.map(({ path }) => path)
  const folder = join(results, 'browser')
  const flags = [`--timeout=${2 * timeoutMs}`]
  return withPostgres((env) =>
    runTests({ root, files, folder, flags, env: { ...env, PLEXUS_CHROMIUM: chromium } }),
  )
}
