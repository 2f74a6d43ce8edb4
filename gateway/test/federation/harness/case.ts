type Json = Readonly<Record<string, unknown>>

export type Path = readonly (string | number)[]

/** What is said of one field; a message or a code that is left out may be any. */
export type ExpectedError = {
  readonly path: Path | null
  readonly message?: string
  readonly code?: string
  /** For one that the specification lets an executor drop: a sibling had voided the parent. */
  readonly isOptional?: true
}

export type ExpectedAnswer = {
  /** Compared as JSON text, so the order of keys counts. Left out when there is none at all. */
  readonly data?: unknown
  /** All of them, in any order. */
  readonly errors?: readonly ExpectedError[]
}

export type Case = ExpectedAnswer & {
  /** A sentence about behaviour. */
  readonly name: string
  readonly operation: string
  readonly variables?: Json
  /** For a document of several operations. */
  readonly operationName?: string
  /** Of somebody who is signed in; nobody without. */
  readonly scopes?: readonly string[]
  /** In the place of `data`: what each event of a subscription is answered with. */
  readonly events?: readonly ExpectedAnswer[]
  /** In the place of `data`: the message, or a part of it, with which the document is refused. */
  readonly refusal?: string
  /** How many requests each subgraph gets from the compiled engine; one not named gets none. */
  readonly asks?: Readonly<Record<string, number>>
  /** Only for what the table of known differences allows; `because` quotes it. */
  readonly differs?: {
    /** `no answer` where it waits without end, or throws aside: the case is not run there. */
    readonly stitched: Pick<Case, 'data' | 'errors' | 'events' | 'refusal'> | 'no answer'
    readonly because: string
  }
}
