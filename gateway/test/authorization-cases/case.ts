/** An operation that somebody may only partly run, and what the guard in its way protects. */
export type AuthorizationCase = {
  /** A sentence about behaviour. */
  readonly name: string
  readonly operation: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** Of somebody who is signed in; nobody without. */
  readonly scopes?: readonly string[]
  /** Decided in the caller's favour. */
  readonly policies?: readonly string[]
  readonly data: unknown
  /** Paths of what is denied, each with one error; none where everything may be read. */
  readonly denied: readonly string[]
  /** Types and fields whose directives are taken away for the negative control. */
  readonly guards: readonly string[]
  /** What comes back then. */
  readonly open: unknown
  /** What no subgraph may hear of while the guard stands. */
  readonly unsent?: string
  /** Subgraphs that are asked while the guard stands; no others are. */
  readonly asked?: readonly string[]
  /** `data` and `open` are lists then: what each event is answered with. */
  readonly isStream?: true
  /** Why stitching cannot answer it even when nothing is guarded. */
  readonly beyondStitching?: string
}
