/** A mutation that came with a key. */
export type Claim = {
  /** Of who asks and their key: the keys of different callers never meet. */
  readonly hash: Buffer
  /** Of the operation and its variables. */
  readonly fingerprint: Buffer
  /** Every field that it runs has a key of its own: to run it again does nothing twice. */
  readonly isRepeatable: boolean
}

/** An answer as it is given again. */
export type KeptAnswer = {
  readonly status: number
  readonly contentType: string
  /** Null for one that was too long to be kept, or whose key is gone. */
  readonly body: string | null
}

/**
 * What a key stands for: `claimed`, for whoever asked just now and has to run it; `answered`;
 * `running` at this moment; `other`, for another operation or other variables; `lost`, when the
 * instance that ran it has gone and nobody can say how far it came.
 */
export type Claimed =
  | { readonly is: 'claimed'; readonly attempt: string }
  | { readonly is: 'answered'; readonly answer: KeptAnswer }
  | { readonly is: 'running' | 'other' | 'lost' }

type Attempt = { readonly hash: Buffer; readonly attempt: string }

/** What keys stand for, for 24 hours and over all instances. All reject while nobody can know. */
export type IdempotentAnswers = {
  claim(claim: Claim): Promise<Claimed>
  /** Keeps the answer, unless the key was taken over by somebody else in the meantime. */
  keep(attempt: Attempt, answer: KeptAnswer & { readonly body: string }): Promise<void>
  /** Frees the key: nothing was done under it. */
  release(attempt: Attempt): Promise<void>
}
