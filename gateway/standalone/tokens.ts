import type { Stage } from '../exchange.ts'
import { createBearer } from '../identity/bearer.ts'
import { createCookies } from '../identity/cookies.ts'
import { identity } from '../identity/index.ts'
import { keysOf } from '../identity/keys.ts'
import type { StandaloneConfig } from './config.ts'

/**
 * Bearer tokens of one issuer. A token's scopes are those that it names: no table of roles stands
 * behind them here.
 */
export function bearerStage(
  { jwksUrl, issuer, audience }: NonNullable<StandaloneConfig['bearer']>,
  now: () => Date,
): Stage {
  const keys = keysOf({ jwksUri: async () => new URL(jwksUrl), now })
  const bearer = createBearer({ issuer, audience, keys, now, scopes: 'as granted' })
  // Nobody has a session here, so no cookie means anything.
  const cookies = { ...createCookies(''), read: () => null }
  return identity({ bearer, cookies, findSession: async () => null })
}
