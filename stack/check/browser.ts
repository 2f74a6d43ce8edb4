import ts from 'typescript'
import { type Source, walk } from './source.ts'
import type { Finding } from './step.ts'
import { noTally } from './tally.ts'

/** Names of the tests in a file, without running it. */
export function testNamesIn(source: Source): string[] {
  const names: string[] = []
  walk(source, (node) => {
    if (
      !ts.isCallExpression(node) ||
      !/^(test|it)(\.\w+(\(.*\))?)?$/.test(node.expression.getText())
    )
      return
    const [name] = node.arguments
    if (name && ts.isStringLiteralLike(name)) names.push(`${source.path} > ${name.text}`)
  })
  return names
}

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
