import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { decodeJwt } from 'jose'
import {
  addAccount,
  asClient,
  client,
  invalidGrant,
  newWorld,
  openSignIn,
  password,
  pkce,
  redeem,
  refresh,
  signedIn,
  submitSignIn,
  type World,
} from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world.stop())

describe('tokens', () => {
  test('a code works once, and a second use ends what the first one gave', async () => {
    const { email } = await addAccount(world.sql)
    const { code, verifier, tokens } = await signedIn(world, email)
    expect(await redeem(world, { code, verifier })).toMatchObject(invalidGrant)
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
  })

  test('[MP-46] a code without its verifier gives nothing, even to who knows the client’s secret', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await openSignIn(world)
    const landed = await submitSignIn(opened, { email, password })
    const code = new URL(landed.url).searchParams.get('code') ?? ''
    const { verifier } = pkce()
    expect(await redeem(world, { code, verifier })).toMatchObject(invalidGrant)
  })

  test('a refresh gives a new refresh token; the old one ends the whole family', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    const second = await refresh(world, tokens.refresh_token)
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(tokens.refresh_token)
    const third = await refresh(world, second.body.refresh_token)
    expect(third.status).toBe(200)
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
    expect(await refresh(world, third.body.refresh_token)).toMatchObject(invalidGrant)
  })

  test('of twelve refreshes at the same moment one succeeds, and its family is over', async () => {
    const { email } = await addAccount(world.sql)
    for (let round = 0; round < 3; round += 1) {
      let { refresh_token: token } = (await signedIn(world, email)).tokens
      // A family of several rows: ending it twice at once must not deadlock.
      for (let turn = 0; turn < 4; turn += 1) {
        token = (await refresh(world, token)).body.refresh_token
      }
      const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(world, token)))
      const statuses = answers.map(({ status }) => status).sort()
      expect(statuses).toEqual([200, ...Array<number>(11).fill(400)])
      const winner = answers.find(({ status }) => status === 200)
      expect(await refresh(world, winner?.body.refresh_token)).toMatchObject(invalidGrant)
    }
  }, 20_000)

  test('after its family has ended, signing in works again', async () => {
    const { email } = await addAccount(world.sql)
    const { browser, tokens } = await signedIn(world, email)
    await refresh(world, tokens.refresh_token)
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
    const again = await openSignIn(world, { browser })
    const code = new URL(again.url).searchParams.get('code') ?? ''
    const { status } = await redeem(world, { code, verifier: again.verifier })
    expect(status).toBe(200)
  })

  test('a refresh reads the account again: new roles count, a disabled account gets nothing', async () => {
    const { id, email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    const admin = world.base.connectAdmin()
    await admin`update auth.account set roles = array['COACH'] where id = ${id}`
    const second = await refresh(world, tokens.refresh_token)
    expect(decodeJwt(second.body.access_token).roles).toEqual(['coach'])
    expect(decodeJwt(second.body.id_token).roles).toEqual(['coach'])
    await admin`update auth.account set disabled_at = now() where id = ${id}`
    expect(await refresh(world, second.body.refresh_token)).toMatchObject(invalidGrant)
  })

  test('a revoked refresh token is over', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    const before = await asClient(world.issuer, '/token/introspection', {
      token: tokens.refresh_token,
    })
    expect(before.body.active).toBe(true)
    const revoked = await asClient(world.issuer, '/token/revocation', {
      token: tokens.refresh_token,
    })
    expect(revoked.status).toBe(200)
    const after = await asClient(world.issuer, '/token/introspection', {
      token: tokens.refresh_token,
    })
    expect(after.body.active).toBe(false)
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
  })

  test('a client that cannot prove itself gets nothing', async () => {
    const response = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.id}:guess`)}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
    })
    expect(response.status).toBe(401)
  })

  test('the database holds no refresh token and no code that could be presented', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens, code } = await signedIn(world, email)
    const rows = await world.sql<{ row: string }[]>`select p::text as row from oidc_payload p`
    const stored = rows.map(({ row }) => row).join('\n')
    expect(stored).toContain('RefreshToken')
    expect(stored).not.toContain(tokens.refresh_token)
    expect(stored).not.toContain(code)
  })
})

describe('the house', () => {
  test('expired rows and old failures are swept, live ones stay', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    await submitSignIn(await openSignIn(world), { email: 'old@example.org', password: 'x' })
    await world.provider.sweep()
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200)
    world.clock.offsetMs = 40 * 86_400_000
    await world.provider.sweep()
    const [left] = await world.sql`
      select (select count(*) from oidc_payload) as payloads,
        (select count(*) from sign_in_failure) as failures`
    expect(left).toEqual({ payloads: 0, failures: 0 })
  })

  test('says that it is well, and its log names no interaction and no e-mail', async () => {
    const { email } = await addAccount(world.sql)
    const { url } = await signedIn(world, email)
    const health = await fetch(`${world.issuer}/healthz`)
    expect(health.status).toBe(200)
    const log = world.lines.join('')
    expect(log).toContain('"endpoint":"/interaction/:uid"')
    expect(log).not.toContain(email)
    expect(log).not.toContain(new URL(url).pathname)
  })

  test('a taken port is one sentence that names the setting', async () => {
    const port = Number(new URL(world.issuer).port)
    const failure = await world.provider.start(port).catch((error: unknown) => String(error))
    expect(failure).toContain(`Port ${port} is taken; set PROVIDER_PORT to another one.`)
  })
})
