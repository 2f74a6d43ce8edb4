import { createHash, randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { database, type Pool, systemContext } from '#kit/postgres'
import { freePort } from '../../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { accountsOf } from '../account/compose.ts'
import { localDirectory } from '../account/directory.local.ts'
import { hashPassword } from '../account/password.ts'
import { insertAccount, type NewAccount } from '../account/queries.ts'
import { createTurns } from '../account/turns.ts'
import { createProvider } from '../provider/provider.ts'
import type { ProviderOptions } from '../provider/settings.ts'
import { type Browser, formAction, newBrowser } from './browser.ts'

export const password = 'four unrelated warm words'
export const client = {
  id: 'plexus-web',
  secret: 'a-secret-of-the-gateway-in-tests',
  redirectUris: ['http://localhost:3999/auth/callback'],
  postLogoutRedirectUris: ['http://localhost:3999/'],
}
export const redirectUri = 'http://localhost:3999/auth/callback'

export async function signingKey(kid = 'test'): Promise<JWK> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(pair.privateKey)), kid, alg: 'ES256', use: 'sig' }
}

/** One hash for every account of the tests: hashing is slow on purpose. */
const hashed = hashPassword(password)

export async function addAccount(sql: Pool, account: Partial<NewAccount> = {}) {
  const row = await database(sql, systemContext).write(async (tx) =>
    insertAccount(tx, {
      email: `${randomBytes(6).toString('hex')}@example.org`,
      passwordHash: await hashed,
      displayName: 'Ada Moreau',
      locale: 'fr',
      roles: ['CLIENT', 'COMPANY_ADMIN'],
      ...account,
    }),
  )
  if (!row) throw new Error('The e-mail is taken.')
  return row
}

const letterKeys = [{ id: 'now', key: new Uint8Array(randomBytes(32)) }]
type WorldOptions = Partial<ProviderOptions> & { readonly maxAgeDays?: number }

export type World = Awaited<ReturnType<typeof newWorld>>

/** A provider over a fresh database. Lines of the log are kept in `lines`; `clock` is the provider's. */
export async function newWorld({ maxAgeDays = 0, ...overrides }: WorldOptions = {}) {
  const base: TestDatabase = await testDatabase()
  const sql = base.connect('auth')
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const lines: string[] = []
  const clock = { offsetMs: 0 }
  const now = () => new Date(Date.now() + clock.offsetMs)
  const log = createLog({ service: 'auth', level: 'debug', write: (line) => lines.push(line) })
  const breach = null
  const settings = { letterKeys, proofOfWorkBits: 4, maxAgeDays, breach }
  const accounts = accountsOf({
    ...{ sql, settings, log, now },
    directory: localDirectory,
    turns: createTurns(),
    metrics: createMetrics('auth'),
  })
  const provider = createProvider({
    issuer,
    accounts,
    db: database(sql, systemContext),
    jwks: [await signingKey()],
    cookieKeys: ['a cookie key of the tests'],
    client,
    audience: 'plexus',
    log,
    now,
    ...overrides,
  })
  await provider.start(port)
  return {
    base,
    sql,
    issuer,
    provider,
    lines,
    clock,
    stop: async () => {
      await provider.stop()
      await base.drop()
    },
  }
}

export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

export function authorizeUrl(issuer: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge_method: 'S256',
    ...parameters,
  })
  return `${issuer}/auth?${query}`
}

/** Opens the sign-in page. */
export async function openSignIn(
  { issuer }: Pick<World, 'issuer'>,
  { browser = newBrowser(), ...parameters }: { browser?: Browser } & Record<string, unknown> = {},
) {
  const { verifier, challenge } = pkce()
  const extra = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  )
  const start = authorizeUrl(issuer, { code_challenge: challenge, ...extra })
  const { url, response } = await browser.follow(start)
  return { browser, verifier, url, response, page: await response.text() }
}

/** Types e-mail and password and sends the form; `landed` is where the browser ends. */
export async function submitSignIn(
  opened: Awaited<ReturnType<typeof openSignIn>>,
  credentials: { email: string; password: string },
) {
  const action = formAction(opened.page, opened.url)
  const response = await opened.browser.submit(action, credentials)
  const landed = await opened.browser.follow(action, response)
  return { ...landed, status: response.status }
}

const basic = `Basic ${btoa(`${client.id}:${client.secret}`)}`

/** POSTs to an endpoint as the gateway does. */
export async function asClient(issuer: string, path: string, fields: Record<string, string>) {
  const response = await fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { authorization: basic },
    body: new URLSearchParams(fields),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null }
}

/** Signs in and redeems the code. */
export async function signedIn(
  world: Pick<World, 'issuer'>,
  email: string,
  parameters: Record<string, unknown> = {},
) {
  const opened = await openSignIn(world, parameters)
  const landed = await submitSignIn(opened, { email, password })
  const code = new URL(landed.url).searchParams.get('code') ?? ''
  const tokens = await redeem(world, { code, verifier: opened.verifier })
  return { ...opened, code, tokens: tokens.body }
}

export const redeem = (
  { issuer }: Pick<World, 'issuer'>,
  { code, verifier }: { code: string; verifier: string },
) =>
  asClient(issuer, '/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })

export const refresh = ({ issuer }: Pick<World, 'issuer'>, refreshToken: string) =>
  asClient(issuer, '/token', { grant_type: 'refresh_token', refresh_token: refreshToken })

/** What a code or refresh token that is over answers with. */
export const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }
