/** What a query reads, and for how long what it reads may be kept. */
export type Reads = {
  /** All that it names, as `Type.field`. */
  readonly fields: ReadonlySet<string>
  /** Types of which any new or other object may belong into the answer, not only those that are in it. */
  readonly types: ReadonlySet<string>
  /** What the root fields give: whatever is missing there may come to be. */
  readonly rootTypes: ReadonlySet<string>
  /** Seconds; 0 for what must not be kept. */
  readonly maxAge: number
  /** Whether no rule is on any of it. */
  readonly isOpen: boolean
  /** For whom one answer is the answer. */
  readonly scope: Scope
  /** Equal for two queries only if they are of the same graph. */
  readonly graph: () => string
}

/**
 * `everybody`: whoever is nobody, and otherwise each person for themselves. `variant`: all to whom
 * the same rules say yes. `person`: who asked.
 */
export type Scope = 'everybody' | 'variant' | 'person'

const minute = 60

/**
 * How long after `maxAge` an old answer may still be given while a new one is fetched, in seconds:
 * what changes while people look at it is not given for much longer.
 */
export const staleOf = (maxAge: number): number => (maxAge < minute ? maxAge : maxAge * 5)
