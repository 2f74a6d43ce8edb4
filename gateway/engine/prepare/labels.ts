export type Labels = {
  /** Drawn for one request: a label of 10 percent holds whenever one of 5 does. */
  readonly now: () => ReadonlySet<string>
  /** All that may be drawn. */
  readonly sets: readonly ReadonlySet<string>[]
}

const percent = /^percent\((\d+(?:\.\d+)?)\)$/

/**
 * The labels of `@override` that hold, drawn by `random` from 0 up to 1. A label of another form
 * than `percent(…)` never holds: nobody here decides about it.
 */
export function labelsOf(labels: ReadonlySet<string>, random: () => number): Labels {
  const shares = [...labels].flatMap((label) => {
    const [, share] = percent.exec(label) ?? []
    return share === undefined ? [] : [{ label, share: Number(share) / 100 }]
  })
  const above = (drawn: number): ReadonlySet<string> =>
    new Set(shares.filter(({ share }) => drawn < share).map(({ label }) => label))
  const sets = [0, ...shares.map(({ share }) => share)].map(above)
  const [none = new Set<string>()] = shares.length === 0 ? sets : []
  return { sets, now: () => (shares.length === 0 ? none : above(random())) }
}
