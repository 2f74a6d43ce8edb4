/** What is asked of entities of one kind, of one subgraph. */
export type EntityAsk = {
  readonly subgraph: string
  /** All but the representation that the answer depends on, as text. */
  readonly question: string
  /** Seconds. */
  readonly maxAge: number
  /** As `Type.field`. */
  readonly fields: readonly string[]
}

/** What is known of entities, for whoever asks now. */
export type EntityMemory = {
  /**
   * Of each representation what it was, as JSON, or null; and the mark for `put`, for whatever is
   * asked from now on.
   */
  find(ask: EntityAsk, representations: readonly string[]): Remembered
  /** Keeps what was answered, unless it was changed since the mark. */
  put(ask: EntityAsk, told: readonly ToldEntity[], mark: string): void
}

export type Remembered = { readonly texts: readonly (string | null)[]; readonly mark: string }

export type ToldEntity = { readonly representation: string; readonly entity: object }
