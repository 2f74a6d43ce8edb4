import type { Limit } from './bucket.ts'

/** Whose points are spent, and by which limit. */
export type Account = {
  readonly key: string
  readonly limit: Limit
}

/** What an account says to a draw, and how it stands then. */
export type Standing = { readonly isTaken: boolean; readonly fullAt: number }

/** Counts the points of many accounts. */
export type Ledger = {
  /** Takes the points, or none of them. */
  draw(account: Account, points: number): Standing | Promise<Standing>
  /**
   * Corrects what was drawn by what it turned out to be: more, or fewer than none. Nobody waits for
   * others to hear of it.
   */
  correct(account: Account, points: number): Standing
}
