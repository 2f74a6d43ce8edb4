import type { Listening } from '../listen.ts'
import type { WatchProgram } from '../streams.ts'
import { type ApiKeysDeps, createApiKeys } from './api-key.ts'
import { type BearerOptions, createBearer } from './bearer.ts'
import { createClientDoor } from './client-door.ts'
import { createProofCheck } from './dpop.ts'
import { createNonces } from './dpop-nonce.ts'
import { createIntrospection } from './introspection.ts'
import { createPresented, type Presented } from './presented.ts'
import { proofsIn } from './proof-store.ts'

export type ProgramsDeps = ApiKeysDeps &
  BearerOptions & {
    readonly publicOrigin: string
    /** Asks the provider what a token is that says nothing itself. */
    readonly introspect: (token: string) => Promise<unknown>
    /** Whether the provider is asked about such tokens at all. */
    readonly introspection: boolean
    /** What nonces of proofs are made from; null where clients need none. */
    readonly nonceKey: Uint8Array | null
  }

/** What a program may present instead of a cookie: a token of the provider's, or an API key. */
export type Programs = Listening & {
  readonly presented: Presented
  readonly watchProgram: WatchProgram
}

export function createPrograms(deps: ProgramsDeps): Programs {
  const { sql, now, without, publicOrigin, nonceKey } = deps
  const apiKeys = createApiKeys(deps)
  const proofs = createProofCheck({
    ...{ spent: proofsIn(sql, now), now, without },
    nonces: nonceKey && createNonces(nonceKey, now),
  })
  const introspection = deps.introspection
    ? createIntrospection({ ...deps, ask: deps.introspect })
    : null
  const bearer = createBearer(deps)
  const clients = createClientDoor(deps)
  return {
    presented: createPresented({
      ...{ bearer, apiKeys, introspection, proofs, clients, publicOrigin, without },
    }),
    watchProgram: clients.watch,
    start: async () => {
      await Promise.all([apiKeys.start(), clients.start()])
    },
    stop: async () => {
      await Promise.all([apiKeys.stop(), clients.stop()])
    },
  }
}
