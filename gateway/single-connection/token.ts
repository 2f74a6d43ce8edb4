import { randomBytes } from 'node:crypto'
import { createVault, type VaultKey } from '#kit/vault'

/** Names a reservation, and sealed beside it the instance that holds it. */
export type Tokens = {
  make(): string
  /** Where to find the reservation; null when that is here, or nobody can say. */
  elsewhere(token: string): string | null
}

const owner = 'graphql stream'

/** Every instance of a gateway has the same keys; without an address of its own none is found. */
export function createTokens(keys: readonly VaultKey[], instanceUrl: string | null): Tokens {
  const vault = createVault(keys)
  return {
    make: () => {
      const name = randomBytes(32).toString('base64url')
      if (instanceUrl === null) return name
      return `${name}.${vault.seal(instanceUrl, owner).toString('base64url')}`
    },
    elsewhere: (token) => {
      const sealed = token.split('.')[1]
      const url = sealed ? vault.open(Buffer.from(sealed, 'base64url'), owner) : null
      return url === instanceUrl ? null : url
    },
  }
}

export const tokenHeader = 'x-graphql-event-stream-token'

/** Source: graphql-sse, PROTOCOL.md, making reservations. */
export const tokenOf = ({ headers }: Request, { searchParams }: URL): string =>
  headers.get(tokenHeader) ?? searchParams.get('token') ?? ''
