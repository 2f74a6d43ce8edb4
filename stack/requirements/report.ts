import type { Claim } from './claims.ts'
import type { Results } from './results.ts'
import { documentTitles, type Row } from './rows.ts'

type State = 'proven' | 'failed' | 'skipped' | 'open'
type Judged = Row & {
  readonly state: State
  readonly proof: string
  /** Whether the last check ran none of its tests. */
  readonly isUnknown: boolean
}

/** `integration 2, browser 1`. */
function proofOf(claims: readonly Claim[]): string {
  const counts = Map.groupBy(claims, ({ kind }) => kind)
  return [...counts].map(([kind, { length }]) => `${kind} ${length}`).join(', ')
}

/** A test with a table ran once for each of its rows. Null when the last check did not have it. */
function outcomeOf({ isOf }: Claim, results: Results): 'passed' | 'failed' | 'skipped' | null {
  const ran = results.filter(({ file, name }) => isOf(file, name))
  const outcomes = ['failed', 'passed', 'skipped'] as const
  return outcomes.find((wanted) => ran.some(({ outcome }) => outcome === wanted)) ?? null
}

/** One failure is enough; what was only skipped is not known to hold. */
function stateOf(outcomes: readonly ReturnType<typeof outcomeOf>[]): State {
  if (outcomes.includes('failed')) return 'failed'
  return outcomes.includes('skipped') && !outcomes.includes('passed') ? 'skipped' : 'proven'
}

/** What no test names is open; what a test names is proven, unless that test did not pass in the last check. */
function judged(row: Row, claims: readonly Claim[], results: Results | null): Judged {
  if (claims.length === 0) return { ...row, state: 'open', proof: '', isUnknown: false }
  const outcomes = results ? claims.map((claim) => outcomeOf(claim, results)) : []
  const absent = outcomes.filter((outcome) => outcome === null).length
  const isUnknown = absent === claims.length
  const note = absent > 0 ? ` (${isUnknown ? '' : `${absent} `}not in the last check)` : ''
  return { ...row, state: stateOf(outcomes), proof: proofOf(claims) + note, isUnknown }
}

const lineOf = ({ id, state, proof, requirement }: Judged) =>
  `  ${state.padEnd(7)} ${id}  ${requirement}${proof && `  [${proof}]`}`

const provenIn = (rows: readonly Judged[]) => rows.filter(({ state }) => state === 'proven').length

function sectionOf(document: string, rows: readonly Judged[]): string[] {
  const counted = rows.filter(({ counts }) => counts)
  const title = `${documentTitles[document] ?? document} (${document})`
  const aside = rows.length - counted.length
  return [
    `${title}: ${provenIn(counted)} of ${counted.length} proven`,
    ...counted.map(lineOf),
    ...(aside > 0 ? [`  ${aside} rows are choices of tools and do not count`] : []),
    '',
  ]
}

function sourceOf(rows: readonly Judged[], results: Results | null): string {
  if (!results)
    return 'Judged by the names of the tests: there was no check yet, so none of them is known to pass.'
  const unknown = rows.filter(({ counts, isUnknown }) => counts && isUnknown).length
  const without = unknown > 0 ? `, which ran no test of ${unknown} that are called proven` : ''
  return `Judged by the names of the tests and the results of the last check${without}.`
}

/** What is proven and what is open, by founding document. The last line is the sum. */
export function reportOf(
  rows: readonly Row[],
  claims: readonly Claim[],
  results: Results | null,
): string[] {
  const byId = Map.groupBy(claims, ({ id }) => id)
  const all = rows.map((row) => judged(row, byId.get(row.id) ?? [], results))
  const counted = all.filter(({ counts }) => counts)
  const sections = [...Map.groupBy(all, ({ document }) => document)]
  return [
    sourceOf(counted, results),
    '',
    ...sections.flatMap(([document, its]) => sectionOf(document, its)),
    `${provenIn(counted)} of ${counted.length} requirements proven`,
  ]
}
