import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { violationsOn } from '../../../stack/testing/axe.ts'
import { browserPath, type PageOptions, withPage } from '../../../stack/testing/browser.ts'
import { addAccount, authorizeUrl, newWorld, password, pkce, type World } from './world.ts'

// On a laptop these tests are skipped by name; where a browser is promised its absence is a failure.
const isMissing = browserPath === null && process.env.CI !== 'true'

let world: World
let application: ReturnType<typeof serveApplication>

/** Stands for the gateway: what a person sees after signing in or out. */
const serveApplication = () =>
  Bun.serve({ port: 0, hostname: 'localhost', fetch: () => new Response('the application') })

beforeAll(async () => {
  if (isMissing) return
  application = serveApplication()
  const origin = application.url.origin
  world = await newWorld({
    client: {
      id: 'plexus-web',
      secret: 'a-secret-of-the-gateway-in-tests',
      redirectUris: [`${origin}/auth/callback`],
      postLogoutRedirectUris: [`${origin}/`],
    },
  })
}, 60_000)

afterAll(async () => {
  await application?.stop(true)
  await world?.stop()
})

const start = () =>
  authorizeUrl(world.issuer, {
    code_challenge: pkce().challenge,
    redirect_uri: `${application.url.origin}/auth/callback`,
  })

/** A visit during which the browser never complains of our own policy. */
const visit = (options: Omit<PageOptions, 'baseURL'>, work: (page: Page) => Promise<void>) =>
  withPage({ baseURL: world.issuer, ...options }, async (page) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
    await work(page)
    expect(complaints).toEqual([])
  })

const faultsOn = async (page: Page) => {
  const violations = await violationsOn(page)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** The page puts the focus there by itself, some moment after it is shown. */
const focusOn = (page: Page, name: string) =>
  page.waitForFunction(`document.activeElement.getAttribute('name') === '${name}'`)

const scrollsSideways = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

const typeAndSend = async (page: Page, email: string, typed: string) => {
  await page.fill('#email', email)
  await page.fill('#password', typed)
  await page.keyboard.press('Enter')
}

const looks = [
  { locale: 'fr', theme: 'light', width: 360, height: 740 },
  { locale: 'en', theme: 'dark', width: 360, height: 740 },
  { locale: 'fr', theme: 'dark', width: 1280, height: 800 },
  { locale: 'en', theme: 'light', width: 1280, height: 800 },
] as const

describe.skipIf(isMissing)('in a real browser', () => {
  test.each(looks)(
    'every page is accessible: $locale, $theme, $width px',
    async (look) => {
      const { email } = await addAccount(world.sql)
      await visit(look, async (page) => {
        await page.goto(start())
        expect(await page.locator('html').getAttribute('lang')).toBe(look.locale)
        expect(await faultsOn(page)).toEqual([])
        await typeAndSend(page, email, 'wrong')
        await page.waitForSelector('[role=alert]')
        expect(await page.inputValue('#email')).toBe(email)
        expect(await faultsOn(page)).toEqual([])
        expect(await scrollsSideways(page)).toBe(false)
        for (const path of [
          '/interaction/gone',
          '/auth?client_id=unknown',
          '/session/end/success',
        ]) {
          await page.goto(`${world.issuer}${path}`)
          expect(await faultsOn(page)).toEqual([])
          expect(await scrollsSideways(page)).toBe(false)
        }
        await page.goto(start())
        await typeAndSend(page, email, password)
        await page.waitForURL(`${application.url.origin}/**`)
        await page.goto(`${world.issuer}/session/end`)
        expect(await page.locator('button').count()).toBe(2)
        expect(await faultsOn(page)).toEqual([])
      })
    },
    60_000,
  )

  test('the keyboard alone signs in, and the focus is where one types next', async () => {
    const { email } = await addAccount(world.sql)
    await visit({ locale: 'en' }, async (page) => {
      await page.goto(start())
      await focusOn(page, 'email')
      await page.keyboard.type(email)
      await page.keyboard.press('Tab')
      await page.keyboard.type('wrong')
      await page.keyboard.press('Enter')
      await page.waitForSelector('[role=alert]')
      await focusOn(page, 'password')
      await page.keyboard.type(password)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.waitForURL(`${application.url.origin}/auth/callback?code=*`)
    })
  }, 60_000)

  test('signing out from the application needs no click and comes back to it', async () => {
    const { email } = await addAccount(world.sql)
    await visit({ locale: 'en' }, async (page) => {
      const { verifier, challenge } = pkce()
      const redirectUri = `${application.url.origin}/auth/callback`
      const parameters = { code_challenge: challenge, redirect_uri: redirectUri }
      await page.goto(authorizeUrl(world.issuer, parameters))
      await typeAndSend(page, email, password)
      await page.waitForURL(`${redirectUri}?code=*`)
      const response = await fetch(`${world.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('plexus-web:a-secret-of-the-gateway-in-tests')}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: new URL(page.url()).searchParams.get('code') ?? '',
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }),
      })
      const { id_token: hint } = await response.json()
      const query = new URLSearchParams({
        id_token_hint: hint,
        post_logout_redirect_uri: `${application.url.origin}/`,
      })
      await page.goto(`${world.issuer}/session/end?${query}`)
      await page.waitForURL(`${application.url.origin}/`)
      await page.goto(start())
      expect(await page.locator('#password').count()).toBe(1)
    })
  }, 60_000)
})
