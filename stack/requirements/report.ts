import type { Claim } from './claims.ts'
import type { Results } from './results.ts'
import { documentTitles, type Row } from './rows.ts'

type State = 'proven' | 'failed' | 'open'
type Judged = Row & { readonly state: State; readonly proof: string }

/** `integration 2, browser 1`. */
function proofOf(claims: readonly Claim[]): string {
  const counts = Map.groupBy(claims, ({ kind }) => kind)
  return [...counts].map(([kind, { length }]) => `${kind} ${length}`).join(', ')
}

/** What no test names is open; what a test names is proven, unless that test did not pass in the last check. */
function judged(row: Row, claims: readonly Claim[], results: Results | null): Judged {
  if (claims.length === 0) return { ...row, state: 'open', proof: '' }
  const outcomes = results?.get(row.id)
  const fails = outcomes && (outcomes.has('failed') || !outcomes.has('passed'))
  const notRun = results && !outcomes ? ' (not in the last check)' : ''
  return { ...row, state: fails ? 'failed' : 'proven', proof: proofOf(claims) + notRun }
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

const sourceOf = (results: Results | null) =>
  results
    ? 'Judged by the names of the tests and the results of the last check.'
    : 'Judged by the names of the tests: there was no check yet, so none of them is known to pass.'

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
    sourceOf(results),
    '',
    ...sections.flatMap(([document, its]) => sectionOf(document, its)),
    `${provenIn(counted)} of ${counted.length} requirements proven`,
  ]
}
