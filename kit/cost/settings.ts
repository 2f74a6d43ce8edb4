export type CostSettings = {
  /** `measure` counts and tells, and refuses nothing. */
  readonly mode: 'enforce' | 'measure'
  /** What one operation may cost at most, by who sends it. */
  readonly max: { readonly outsider: number; readonly partner: number; readonly explorer: number }
  /** How long a list is taken to be that nothing says the size of. */
  readonly listSize: number
}

/** Room for many times what the product's own operations cost. */
export const costDefaults: CostSettings = {
  mode: 'enforce',
  max: { outsider: 2_000, partner: 2_000, explorer: 10_000 },
  listSize: 10,
}
