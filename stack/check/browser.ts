import type { Source } from './source.ts'
import type { Finding } from './step.ts'
import { noTally } from './tally.ts'
import { testsIn } from './test-names.ts'

/** Names of the tests in a file, with the file. */
const testNamesIn = (source: Source): string[] =>
  testsIn(source).map(({ name }) => `${source.path} > ${name}`)

/** Without a browser a laptop skips its tests by name; continuous integration fails by name. */
export function withoutBrowser(sources: readonly Source[], isCi: boolean): Finding {
  const names = sources.flatMap(testNamesIn)
  if (!isCi) {
    return {
      tally: { ...noTally, skipped: names.length },
      faults: [],
      notes: names.map((name) => `skipped: ${name} (needs Chromium)`),
    }
  }
  return {
    tally: { ...noTally, failed: names.length },
    faults: ['Chromium is missing: install the package chromium.', ...names],
  }
}
