import type { Adapter, Client, Context, Payload, Token } from 'oidc-provider'
import { isUuid } from '#kit/id'
import type { Database } from '#kit/postgres'
import { type Credentials, credentialsOf, useClient } from '../client/queries.ts'
import { secretMatches } from '../client/rules.ts'

/** What the library keeps of a partner's program beside what it knows itself. */
export const clientMetadata = ['api_scope', 'rate_limit_per_minute']

/** The library wants a secret to compare with; ours is the hash of one, and `comparesHashes` compares. */
const payloadOf = ({ id, secretHash, scopes, rateLimitPerMinute }: Credentials): Payload => ({
  client_id: id,
  client_secret: secretHash.toString('base64url'),
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  api_scope: scopes.join(' '),
  rate_limit_per_minute: rateLimitPerMinute,
})

const refuse = async () => {
  throw new Error('Clients are registered through the graph.')
}

/** Partners' programs as the library looks clients up: read anew each time, so a change counts at once. */
export const clientAdapter = (db: Database): Adapter => ({
  find: async (id) => {
    const row = isUuid(id) ? await db.read((sql) => credentialsOf(sql, id)) : null
    return row ? payloadOf(row) : undefined
  },
  upsert: refuse,
  findByUid: refuse,
  findByUserCode: refuse,
  consume: refuse,
  destroy: refuse,
  revokeByGrantId: refuse,
})

const isApiClient = (client: Client | undefined): client is Client & { api_scope: string } =>
  client?.api_scope !== undefined

const hashOf = ({ clientSecret = '' }: Client) => Buffer.from(clientSecret, 'base64url')

type Compare = (this: Client, secret: string) => boolean

/** Compares a partner's secret with its hash, and every other client's as the library does. */
export const comparesHashes = (compare: Compare): Compare =>
  function compareClientSecret(this: Client, secret) {
    return isApiClient(this) ? secretMatches(hashOf(this), secret) : compare.call(this, secret)
  }

/**
 * The most that a token of this program may hold; null for a client that people sign in through. A
 * program that names no scope gets all of its own. Source: RFC 6749, 3.3.
 */
export function scopeOf({ oidc: { params } }: Context, client: Client): string | null {
  if (!isApiClient(client)) return null
  if (params && !params.scope) params.scope = client.api_scope
  return client.api_scope
}

type Deps = { db: Database; now: () => Date; refused: () => Error }

/**
 * Claims of a program's token, and the note that it took one. Throws when the client was disabled
 * or its secret replaced while it was asking.
 */
export async function programClaims({ oidc: { client } }: Context, { db, now, refused }: Deps) {
  if (!isApiClient(client)) throw refused()
  const used = { id: client.clientId, secretHash: hashOf(client), at: now() }
  if (!(await db.write((sql) => useClient(sql, used)))) throw refused()
  return { roles: ['partner_app'], rate_limit_per_minute: client.rate_limit_per_minute }
}

/** True for the token of a program that acts for nobody but itself. */
export const isProgram = ({ kind }: Token) => kind === 'ClientCredentials'
