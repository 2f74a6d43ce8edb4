import type { Database } from '#kit/postgres'
import type { Vault } from '#kit/vault'
import type { BreachLookup } from '../breach/lookup.ts'
import type { ProofOfWork } from '../proof-of-work/proof.ts'
import type { Requests } from '../request/worker.ts'
import type { Directory } from './directory.ts'
import type { Turns } from './turns.ts'

/** What the fields about accounts need of the outside. */
export type Accounts = {
  /** Sees every account: whoever signs up or forgot a password is nobody yet. */
  readonly db: Database
  readonly directory: Directory
  readonly proofOfWork: ProofOfWork
  readonly breach: BreachLookup
  /** Seals the tokens of letters on their way. */
  readonly vault: Vault
  readonly requests: Requests
  /** One after the other, tries at one password. */
  readonly turns: Turns
  /** A password older than this has to be renewed; 0 for never. */
  readonly maxAgeDays: number
}
