import { isTest } from './source.ts'

/** Lines that ran and lines that could have run. */
export type Lines = { readonly hit: number; readonly found: number }

const leastPercent = 80

/**
 * `web` runs in a browser and is proven by the browser tests; much of `deploy` runs against a
 * cluster, in suites that are no part of the check.
 */
const countedApart = ['web', 'deploy']

/**
 * Reads an lcov report; a file that several processes loaded appears once, with the lines that any
 * of them ran.
 */
export function linesFrom(lcov: string): Map<string, Lines> {
  const counts = new Map<string, Map<string, number>>()
  let file = new Map<string, number>()
  for (const line of lcov.split('\n')) {
    const [, kind, rest = ''] = /^(SF|DA):(.*)$/.exec(line) ?? []
    if (kind === 'SF') {
      file = counts.get(rest) ?? new Map()
      counts.set(rest, file)
    }
    const [number = '', hits = '0'] = rest.split(',')
    if (kind === 'DA') file.set(number, (file.get(number) ?? 0) + Number(hits))
  }
  return new Map(
    [...counts].map(([path, lines]) => {
      const hit = [...lines.values()].filter((hits) => hits > 0).length
      return [path, { hit, found: lines.size }]
    }),
  )
}

/**
 * How many lines of a file could run, for a file that no test loads: what is left when types and
 * comments go.
 */
export const runnableLines = (text: string, loader: 'ts' | 'tsx'): number =>
  new Bun.Transpiler({ loader })
    .transformSync(text)
    .split('\n')
    .filter((line) => /\w/.test(line) && !/^(import|export \{)/.test(line)).length

/** The part of the product that a file counts for: its room, or its subgraph. */
const partOf = (path: string) => path.split('/', path.startsWith('subgraphs/') ? 2 : 1).join('/')

export type Part = Lines & { readonly part: string; readonly percent: number; readonly ok: boolean }

type Written = { readonly path: string; readonly text: string }
type Measured = ReadonlyMap<string, Lines>

/** A source that no test loaded counts with all its lines and none hit. */
function linesOf({ path, text }: Written, measured: Measured): Lines {
  const loader = path.endsWith('x') ? 'tsx' : 'ts'
  return measured.get(path) ?? { hit: 0, found: runnableLines(text, loader) }
}

/** Coverage of each part of the product, from the lines that tests ran. */
export function partsOf(measured: Measured, sources: readonly Written[]): Part[] {
  const sums = new Map<string, Lines>()
  for (const source of sources.filter(({ path }) => !isTest(path))) {
    const lines = linesOf(source, measured)
    const { hit, found } = sums.get(partOf(source.path)) ?? { hit: 0, found: 0 }
    sums.set(partOf(source.path), { hit: hit + lines.hit, found: found + lines.found })
  }
  return [...sums].map(([part, { hit, found }]) => {
    const percent = found === 0 ? 100 : Math.floor((hit / found) * 1_000) / 10
    return { part, hit, found, percent, ok: countedApart.includes(part) || percent >= leastPercent }
  })
}

/** One row a part, as a person reads it. */
export const coverageTable = (parts: readonly Part[]): string[] =>
  parts.map(({ part, hit, found, percent }) => {
    const figures = `${percent.toFixed(1).padStart(5)} %  ${hit} of ${found} lines`
    return `${part.padEnd(20)} ${figures}${countedApart.includes(part) ? '  (counted apart)' : ''}`
  })

/** The files of a part with the most lines that no test ran: where to begin. */
const leastCovered = (part: string, measured: Measured, sources: readonly Written[]): string[] =>
  sources
    .filter(({ path }) => partOf(path) === part && !isTest(path))
    .map((source) => ({ path: source.path, lines: linesOf(source, measured) }))
    .map(({ path, lines }) => ({ path, missed: lines.found - lines.hit }))
    .filter(({ missed }) => missed > 0)
    .sort((a, b) => b.missed - a.missed)
    .slice(0, 5)
    .map(({ path, missed }) => `  ${path}: ${missed} lines not run`)

/** A line for each part below the bar, and where most is missing. */
export const coverageFaults = (
  parts: readonly Part[],
  measured: Measured,
  sources: readonly Written[],
): string[] =>
  parts
    .filter(({ ok }) => !ok)
    .flatMap(({ part, percent }) => [
      `${part}: ${percent} % of its lines, at least ${leastPercent} %`,
      ...leastCovered(part, measured, sources),
    ])
