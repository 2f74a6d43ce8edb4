import type { SubgraphContext } from '#kit/builder'
import type { Accounts } from './account/accounts.ts'
import type { Prober } from './health/prober.ts'
import type { Catalog } from './operation/catalog.ts'
import type { Contracts } from './operation/contracts.ts'
import type { SecondFactor } from './security/second-factor.ts'

/** What a resolver of this room may use. */
export type Context = SubgraphContext & {
  readonly accounts: Accounts
  /** Judges what clients want to publish. */
  readonly catalog: Catalog
  /** What clients may ask for. */
  readonly contracts: Contracts
  /** What was seen of the health of the platform. */
  readonly health: Prober
  /** Null where another provider keeps accounts and their factors. */
  readonly secondFactor: SecondFactor | null
}
