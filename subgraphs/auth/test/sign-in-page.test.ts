import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { formAction, newBrowser } from './browser.ts'
import {
  addAccount,
  authorizeUrl,
  newWorld,
  openSignIn,
  password,
  pkce,
  submitSignIn,
  type World,
} from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world.stop())

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

  test('[MP-50] shows what was typed as text, never as markup', async () => {
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

describe('the authorization request', () => {
  test('[MP-46] without a code challenge is sent back, and with a plain one too', async () => {
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
