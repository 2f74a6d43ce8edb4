import { placeOf, type Source } from '../check/source.ts'
import { gap, testsIn } from '../check/test-names.ts'

export type TestKind = 'unit' | 'integration' | 'browser' | 'bench' | 'manifest'

/** A test that says it proves a requirement. */
export type Claim = {
  readonly id: string
  readonly kind: TestKind
  readonly path: string
  readonly name: string
  /** Whether a test that ran is this one. */
  readonly isOf: (file: string, name: string) => boolean
}

const idsMax = 2
const kinds: readonly (readonly [TestKind, RegExp])[] = [
  ['browser', /\.browser\.test\.tsx?$/],
  ['bench', /^bench\//],
  ['manifest', /^deploy\//],
  ['integration', /(^|\/)test\/|\.contract\.ts$/],
]

/** What kind of test a file holds: by its name, then by its folder; beside the code it is a unit's. */
export const kindOf = (path: string): TestKind =>
  kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? 'unit'

/** The ids at the beginning of a test's name: `[FC-30] [BC-04] a person pays`. */
export const idsOf = (name: string): string[] =>
  [...(/^(?:\[\w+-\d+\]\s*)*/.exec(name)?.[0].matchAll(/\[(\w+-\d+)\]/g) ?? [])].map(
    ([, id = '']) => id,
  )

/** The suite of a contract runs in the files that import it. */
const runsElsewhere = (path: string) => path.endsWith('.contract.ts')

/** What the tests that run claim. One that is skipped whatever happens, or claims too much, proves nothing. */
export const claimsIn = (sources: readonly Source[]): Claim[] =>
  sources.flatMap(({ path, ...source }) =>
    testsIn({ path, ...source })
      .filter(({ runs }) => runs)
      .flatMap(({ name, isWhole }) => {
        const [beginning = ''] = name.split(gap)
        const isOf = (file: string, ran: string) =>
          (file === path || runsElsewhere(path)) &&
          (isWhole ? ran === name : ran.startsWith(beginning))
        const ids = idsOf(name)
        return (ids.length > idsMax ? [] : ids).map((id) => ({
          id,
          name,
          path,
          kind: kindOf(path),
          isOf,
        }))
      }),
  )

/** Anything that looks like an id and is not read as one. */
const strayId = /\[[^\]]*\b(FC|MP|KG|BC|MS)-\d/

function faultOf(name: string, known: ReadonlySet<string>): string | null {
  const ids = idsOf(name)
  const unknown = ids.find((id) => !known.has(id))
  if (unknown) return `${unknown} is no requirement`
  if (ids.length > idsMax) return `a test proves at most ${idsMax} requirements`
  if (new Set(ids).size < ids.length) return 'a requirement is named twice'
  const rest = name.replace(/^(\[[^\]]*\]\s*)*/, (prefix) => (ids.length > 0 ? '' : prefix))
  return strayId.test(rest)
    ? 'ids stand first, each in brackets of its own: [FC-30] [BC-04] …'
    : null
}

/** Names that claim what is no requirement, or too much. */
export const claimFaults = (
  sources: readonly Source[],
  rows: readonly { id: string }[],
): string[] => {
  const known = new Set(rows.map(({ id }) => id))
  return sources.flatMap((source) =>
    testsIn(source).flatMap(({ name, position }) => {
      const fault = faultOf(name, known)
      return fault ? [`${placeOf(source, position)}: ${fault}`] : []
    }),
  )
}
