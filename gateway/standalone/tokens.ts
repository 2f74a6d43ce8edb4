import type { Stage } from '../exchange.ts'
import { createBearer } from '../identity/bearer.ts'
import { createCookies } from '../identity/cookies.ts'
import { createProofCheck } from '../identity/dpop.ts'
import { identity } from '../identity/index.ts'
import { keysOf } from '../identity/keys.ts'
import { createPresented } from '../identity/presented.ts'
import { proofsInMemory } from '../identity/proof-store.ts'
import type { StandaloneConfig } from './config.ts'

type Options = NonNullable<StandaloneConfig['bearer']> & {
  readonly publicOrigin: string
  readonly now: () => Date
}

/**
 * Access tokens of one issuer. A token's scopes are those that it names: no table of roles stands
 * behind them here.
 */
export function bearerStage({ jwksUrl, issuer, audience, publicOrigin, now }: Options): Stage {
  const keys = keysOf({ jwksUri: async () => new URL(jwksUrl), now })
  const bearer = createBearer({ issuer, audience, keys, now, scopes: 'as granted' })
  // Nobody has a session here, so no cookie means anything.
  const cookies = { ...createCookies(''), read: () => null }
  const proofs = createProofCheck({ spent: proofsInMemory(now), now })
  const presented = createPresented({
    ...{ bearer, proofs, publicOrigin },
    ...{ apiKeys: null, introspection: null, clients: null },
  })
  return identity({ presented, cookies, findSession: async () => null })
}
