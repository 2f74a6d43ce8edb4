import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { formAction, newBrowser } from './browser.ts'
import {
  addAccount,
  asClient,
  authorizeUrl,
  client,
  newWorld,
  openSignIn,
  password,
  pkce,
  redeem,
  redirectUri,
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
beforeEach(() => {
  world.clock.offsetMs = 0
})

const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }

describe('the sign-in page', () => {
  test('speaks French to a French browser and English to an English one', async () => {
    const french = await openSignIn(world, { browser: newBrowser('fr-CH, en;q=0.8') })
    expect(french.page).toContain('<html lang="fr">')
    expect(french.page).toContain('Bon retour parmi nous')
    const english = await openSignIn(world, { browser: newBrowser('de, en-GB;q=0.8, fr;q=0.5') })
    expect(english.page).toContain('<html lang="en">')
    expect(english.page).toContain('Welcome back')
  })

  test('puts the application’s wish before the browser’s, and the person’s before both', async () => {
    const opened = await openSignIn(world, { ui_locales: 'en fr', browser: newBrowser('fr') })
    expect(opened.page).toContain('<html lang="en">')
    const link = /<a class="language" href="([^"]+)" hreflang="fr"/.exec(opened.page)?.[1] ?? ''
    const switched = await opened.browser.get(new URL(link, opened.url).href)
    const page = await switched.text()
    expect(page).toContain('<html lang="fr">')
    // The choice outlives a failed try.
    const response = await opened.browser.submit(formAction(page, opened.url), {
      email: 'nobody@example.org',
      password: 'wrong',
    })
    expect(await response.text()).toContain('ne correspond pas')
  })

  test('runs no script, cannot be framed and is not kept by any cache', async () => {
    const { response, page } = await openSignIn(world)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'self' http://localhost:3999;")
    expect(page).not.toContain('<script')
    expect(page).not.toMatch(/ (style|on\w+)="/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('lets password managers and screen readers do their work', async () => {
    const { page } = await openSignIn(world)
    expect(page).toContain('autocomplete="username"')
    expect(page).toContain('autocomplete="current-password"')
    expect(page).not.toContain('onpaste')
    expect(page).toContain('<label for="email">')
    expect(page).toContain('<label for="password">')
  })

  test('shows what was typed as text, never as markup', async () => {
    const opened = await openSignIn(world)
    const email = '"><script>alert(1)</script>@example.org'
    const { response } = await submitSignIn(opened, { email, password: 'wrong' })
    const page = await response.text()
    expect(page).not.toContain('<script>')
    expect(page).toContain('&quot;&gt;&lt;script&gt;')
  })

  test('an interaction of somebody else, or none, is an expired page with a way back', async () => {
    const opened = await openSignIn(world)
    const stranger = await newBrowser('en').get(opened.url)
    expect(stranger.status).toBe(400)
    const page = await stranger.text()
    expect(page).toContain('This page has expired')
    expect(page).toContain('href="http://localhost:3999/"')
    const other = await openSignIn(world, { browser: opened.browser })
    const mixed = await opened.browser.submit(opened.url, { email: 'x', password: 'y' })
    expect([400, 422]).toContain(mixed.status)
    expect(other.response.status).toBe(200)
  })

  test('a form sent from another site is refused, even with the right password', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await openSignIn(world)
    const action = formAction(opened.page, opened.url)
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await opened.browser.submit(action, { email, password }, headers)
      expect(response.status).toBe(403)
    }
    // The same form from the page itself passes: it is the origin that was refused.
    const own = { origin: world.issuer, 'sec-fetch-site': 'same-origin' }
    expect((await opened.browser.submit(action, { email, password }, own)).status).toBe(303)
  })

  test('a body that is too large or no form is refused', async () => {
    const opened = await openSignIn(world)
    const large = await opened.browser.submit(opened.url, {
      email: 'x'.repeat(10_000),
      password: 'y',
    })
    expect(large.status).toBe(400)
  })
})

describe('signing in', () => {
  test('ends at the application with a code that gives tokens about the person', async () => {
    const { id, email } = await addAccount(world.sql)
    const { tokens, page } = await signedIn(world, email, { browser: newBrowser('en') })
    expect(page).toContain('Welcome back')
    const keys = createRemoteJWKSet(new URL(`${world.issuer}/jwks`))
    const access = await jwtVerify(tokens.access_token, keys, {
      issuer: world.issuer,
      audience: 'plexus',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    })
    expect(access.payload).toMatchObject({ sub: id, roles: ['client', 'company_admin'] })
    const identity = await jwtVerify(tokens.id_token, keys, {
      issuer: world.issuer,
      audience: client.id,
      algorithms: ['ES256'],
    })
    expect(identity.payload).toMatchObject({
      sub: id,
      nonce: 'the-nonce',
      name: 'Ada Moreau',
      email,
      locale: 'fr',
      roles: ['client', 'company_admin'],
      acr: '1',
      amr: ['pwd'],
    })
    expect(identity.payload.sid).toBeString()
    expect(access.payload.sid).toBe(identity.payload.sid)
  })

  test('e-mail addresses have no case and no blanks around them', async () => {
    const { email } = await addAccount(world.sql)
    const landed = await submitSignIn(await openSignIn(world), {
      email: ` ${email.toUpperCase()} `,
      password,
    })
    expect(landed.url).toStartWith(redirectUri)
  })

  test('a second application page needs no second password', async () => {
    const { email } = await addAccount(world.sql)
    const { browser } = await signedIn(world, email)
    const { url } = await openSignIn(world, { browser })
    expect(new URL(url).searchParams.get('code')).toBeString()
  })

  test('a wrong password, an unknown e-mail and a disabled account answer alike', async () => {
    const { email } = await addAccount(world.sql)
    const disabled = await addAccount(world.sql)
    const admin = world.base.connectAdmin()
    await admin`update auth.account set disabled_at = now() where id = ${disabled.id}`
    const answers = await Promise.all(
      [
        { email, password: 'wrong' },
        { email: 'unknown@example.org', password: 'wrong' },
        { email: disabled.email, password },
      ].map(async (credentials) => {
        const opened = await openSignIn(world)
        const { status, response } = await submitSignIn(opened, credentials)
        const page = (await response.text())
          .replaceAll(credentials.email, 'E-MAIL')
          .replaceAll(opened.url, 'URL')
          .replace(/action="[^"]*"/, '')
          .replace(/href="\/interaction[^"]*"/, '')
        return { status, page }
      }),
    )
    expect(answers[0]?.status).toBe(422)
    expect(answers[0]?.page).toContain('role="alert"')
    expect(answers[0]?.page).toContain('aria-invalid="true"')
    expect(answers[1]).toEqual(answers[0] as never)
    expect(answers[2]).toEqual(answers[0] as never)
  })
})

describe('the lock', () => {
  const fail = async (email: string) =>
    (await submitSignIn(await openSignIn(world), { email, password: 'wrong' })).response

  test.each([
    ['an account', async () => (await addAccount(world.sql)).email],
    ['an e-mail without one', async () => `${crypto.randomUUID()}@example.org`],
  ])('closes after five failures for %s, and grows', async (_, emailOf) => {
    const email = await emailOf()
    for (let count = 0; count < 4; count += 1) expect((await fail(email)).status).toBe(422)
    const fifth = await fail(email)
    expect(fifth.status).toBe(429)
    expect(Number(fifth.headers.get('retry-after'))).toBeWithin(1, 31)
    expect(await fifth.text()).toContain('Trop d’essais')
    world.clock.offsetMs = 31_000
    const sixth = await fail(email)
    expect(sixth.status).toBe(429)
    expect(Number(sixth.headers.get('retry-after'))).toBeWithin(55, 61)
  })

  test('keeps the right password out too, and opens with time', async () => {
    const { email } = await addAccount(world.sql)
    for (let count = 0; count < 5; count += 1) await fail(email)
    const locked = await submitSignIn(await openSignIn(world), { email, password })
    expect(locked.status).toBe(429)
    world.clock.offsetMs = 31_000
    const open = await submitSignIn(await openSignIn(world), { email, password })
    expect(open.url).toStartWith(redirectUri)
    // A success forgets the failures.
    expect((await fail(email)).status).toBe(422)
  })

  test('lets no more than five of twenty guesses at the same moment be looked at', async () => {
    const { email } = await addAccount(world.sql)
    const opened = await Promise.all(Array.from({ length: 20 }, () => openSignIn(world)))
    const answers = await Promise.all(
      opened.map((page) => submitSignIn(page, { email, password: 'wrong' })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 422)).toHaveLength(4)
    expect(statuses.filter((status) => status === 429)).toHaveLength(16)
    const emailHash = createHash('sha256').update(email).digest()
    const rows = await world.sql`
      select failed from sign_in_failure where email_hash = ${emailHash}`
    expect(rows[0]?.failed).toBe(5)
  })
})

describe('the authorization request', () => {
  test('without a code challenge is sent back, and with a plain one too', async () => {
    for (const extra of [
      {},
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' },
    ] as const) {
      const { url } = await newBrowser().follow(
        authorizeUrl(world.issuer, { code_challenge_method: '', ...extra }),
      )
      expect(new URL(url).searchParams.get('error')).toBe('invalid_request')
    }
    // The unprotected twin: the same request with S256 reaches the page.
    expect((await openSignIn(world)).response.status).toBe(200)
  })

  test('to an address that is not registered never leaves the provider', async () => {
    const { challenge } = pkce()
    const start = authorizeUrl(world.issuer, {
      code_challenge: challenge,
      redirect_uri: 'https://evil.example/callback',
    })
    const { url, response } = await newBrowser('en').follow(start)
    expect(url).toStartWith(world.issuer)
    expect(response.status).toBe(400)
    const page = await response.text()
    expect(page).toContain('That did not work')
    expect(page).toContain('invalid_redirect_uri')
  })
})

describe('tokens', () => {
  test('a code works once, and a second use ends what the first one gave', async () => {
    const { email } = await addAccount(world.sql)
    const { code, verifier, tokens } = await signedIn(world, email)
    expect(await redeem(world, { code, verifier })).toMatchObject(invalidGrant)
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
  })

  test('a code without its verifier gives nothing', async () => {
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

  test('of ten refreshes at the same moment at most one succeeds', async () => {
    const { email } = await addAccount(world.sql)
    const { tokens } = await signedIn(world, email)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refresh(world, tokens.refresh_token)),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status >= 500)).toHaveLength(0)
    for (const { body } of answers.filter(({ status }) => status === 200)) {
      expect(await refresh(world, body.refresh_token)).toMatchObject(invalidGrant)
    }
  })

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

describe('signing out', () => {
  const endSession = (parameters: Record<string, string>) =>
    `${world.issuer}/session/end?${new URLSearchParams(parameters)}`
  const hidden = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    )

  test('with the ID token ends the session at once and goes back to the application', async () => {
    const { email } = await addAccount(world.sql)
    const { browser, tokens } = await signedIn(world, email, { browser: newBrowser('en') })
    const url = endSession({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'http://localhost:3999/',
      ui_locales: 'en',
    })
    const asked = await browser.get(url)
    const page = await asked.text()
    expect(page).toContain('Signing you out')
    expect(page).toContain('<script>')
    expect(asked.headers.get('content-security-policy')).toContain("script-src 'sha256-")
    const answer = await browser.submit(formAction(page, url), hidden(page))
    expect(answer.headers.get('location')).toBe('http://localhost:3999/')
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
    expect((await openSignIn(world, { browser })).page).toContain('<form')
  })

  test('without it asks first, and “stay” keeps the session', async () => {
    const { email } = await addAccount(world.sql)
    const { browser } = await signedIn(world, email)
    const url = endSession({})
    const page = await (await browser.get(url)).text()
    expect(page).toContain('Se déconnecter de Plexus')
    expect(page).not.toContain('<script')
    await browser.submit(formAction(page, url), { xsrf: hidden(page).xsrf ?? '' })
    expect(new URL((await openSignIn(world, { browser })).url).searchParams.has('code')).toBe(true)
    const again = await (await browser.get(url)).text()
    const fields = { xsrf: hidden(again).xsrf ?? '', logout: 'yes' }
    const landed = await browser.follow(url, await browser.submit(formAction(again, url), fields))
    expect(await landed.response.text()).toContain('Vous êtes déconnecté')
    expect((await openSignIn(world, { browser })).page).toContain('<form')
  })

  test('with the ID token of somebody else asks too', async () => {
    const [ada, eve] = [await addAccount(world.sql), await addAccount(world.sql)]
    const { tokens } = await signedIn(world, eve.email)
    const { browser } = await signedIn(world, ada.email)
    const page = await (await browser.get(endSession({ id_token_hint: tokens.id_token }))).text()
    expect(page).toContain('Se déconnecter de Plexus')
    expect(page).not.toContain('<script')
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
