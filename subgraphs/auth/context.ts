import type { SubgraphContext } from '#kit/builder'
import type { Accounts } from './account/accounts.ts'
import type { SecondFactor } from './security/second-factor.ts'

/** What a resolver of this room may use. */
export type Context = SubgraphContext & {
  readonly accounts: Accounts
  /** Null where another provider keeps accounts and their factors. */
  readonly secondFactor: SecondFactor | null
}
