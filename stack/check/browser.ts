import { existsSync } from 'node:fs'
import ts from 'typescript'
import { type Source, walk } from './source.ts'
import type { Finding } from './step.ts'
import { noTally } from './tally.ts'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Path of a Chromium on this machine; null without one. A path that was asked for must exist. */
export function findChromium(asked: string | null): string | null {
  if (asked) return existsSync(asked) ? asked : null
  const command = commands.map((name) => Bun.which(name)).find((path) => path !== null)
  return command ?? applications.find(existsSync) ?? null
}

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
