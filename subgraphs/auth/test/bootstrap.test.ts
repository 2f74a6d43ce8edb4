import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { freePort } from '../../../stack/ports.ts'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { testIdentity } from '../../../stack/testing/subgraph.ts'
import { createAuth } from '../app.ts'
import { configFrom } from '../config.ts'
import { client, openSignIn, password, redirectUri, signingKey, submitSignIn } from './world.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

async function newAuth(change: Record<string, string> = {}) {
  const metrics = createMetrics('auth')
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const { publicJwks } = await testIdentity()
  const auth = createAuth({
    config: configFrom({
      DATABASE_URL: base.url('auth'),
      IDENTITY_PUBLIC_JWKS: JSON.stringify({ keys: publicJwks }),
      BOOTSTRAP_ADMIN_EMAIL: 'root@example.org',
      BOOTSTRAP_ADMIN_PASSWORD: password,
      PROVIDER_PORT: String(port),
      PROVIDER_ISSUER: issuer,
      PROVIDER_JWKS: JSON.stringify({ keys: [await signingKey()] }),
      LETTER_KEYS: `now:${'k'.repeat(43)}`,
      TOTP_KEYS: `now:${'k'.repeat(43)}`,
      PROVIDER_COOKIE_KEYS: 'a cookie key of the tests that is long enough',
      PROVIDER_CLIENT_ID: client.id,
      PROVIDER_CLIENT_SECRET: client.secret,
      PROVIDER_REDIRECT_URIS: redirectUri,
      ...change,
    }),
    log: createLog({ service: 'auth', level: 'silent' }),
    metrics,
    now: () => new Date(),
  })
  return { auth, issuer, metrics }
}

describe('the room as a service', () => {
  test('two that start at the same moment make one first administrator, who signs in', async () => {
    const [one, other] = await Promise.all([newAuth(), newAuth()])
    await Promise.all([one.auth.start(), other.auth.start()])
    try {
      const admin = base.connectAdmin()
      const accounts = await admin`select email, roles from auth.account`
      expect([...accounts]).toEqual([{ email: 'root@example.org', roles: ['ADMIN'] }])
      for (const { issuer } of [one, other]) {
        const opened = await openSignIn({ issuer })
        const landed = await submitSignIn(opened, { email: 'root@example.org', password })
        expect(landed.url).toStartWith(redirectUri)
      }
      await one.auth.checks.postgres?.()
      expect(await one.metrics.text()).toMatch(/sign_in_attempts_total\{.*signed-in.*\} 1/)
    } finally {
      await Promise.all([one.auth.stop(), other.auth.stop()])
    }
  }, 20_000)

  test('a later start leaves the administrator, and his password, as they are', async () => {
    const { auth } = await newAuth({ BOOTSTRAP_ADMIN_PASSWORD: 'quite another set of words' })
    await auth.start()
    await auth.stop()
    const [row] = await base.connectAdmin()`select count(*) from auth.account`
    expect(row?.count).toBe(1)
  }, 20_000)

  test('stops answering when it is stopped', async () => {
    const { auth, issuer } = await newAuth()
    await auth.start()
    expect((await fetch(`${issuer}/healthz`)).status).toBe(200)
    await auth.stop()
    expect(await fetch(`${issuer}/healthz`).catch(() => null)).toBeNull()
  }, 20_000)
})
