import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { violationsOn } from '../../../stack/testing/axe.ts'
import { browserPath, type PageOptions, withPage } from '../../../stack/testing/browser.ts'
import { type FactorWorld, newFactorWorld, personWithApp } from './second-factor.ts'
import { addAccount, authorizeUrl, client, password, pkce } from './world.ts'

// On a laptop these tests are skipped by name; where a browser is promised its absence is a failure.
const isMissing = browserPath === null && process.env.CI !== 'true'

let world: FactorWorld
let application: ReturnType<typeof serveApplication>

/** Stands for the gateway: where a person lands. */
const serveApplication = () =>
  Bun.serve({ port: 0, hostname: 'localhost', fetch: () => new Response('the application') })

beforeAll(async () => {
  if (isMissing) return
  application = serveApplication()
  const redirectUris = [`${application.url.origin}/auth/callback`]
  world = await newFactorWorld({ client: { ...client, redirectUris } })
}, 60_000)

afterAll(async () => {
  await application?.stop(true)
  await world?.stop()
})

const expire = (id: string) =>
  world.db.write(
    (sql) => sql`update account set credential_expires_at = ${world.now()} where id = ${id}`,
  )

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

/** In the reader's language, nothing that axe finds, and nobody scrolls sideways. */
async function expectInOrder(page: Page, locale: string) {
  expect(await page.locator('html').getAttribute('lang')).toBe(locale)
  const violations = await violationsOn(page)
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([])
  const sideways = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
  expect(await page.evaluate(sideways)).toBe(false)
}

async function signInWith(page: Page, email: string) {
  const redirectUri = `${application.url.origin}/auth/callback`
  const code = { code_challenge: pkce().challenge, redirect_uri: redirectUri }
  await page.goto(authorizeUrl(world.issuer, code))
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
}

const type = async (page: Page, field: string, text: string) => {
  await page.fill(`[name=${field}]`, text)
  await page.keyboard.press('Enter')
}

const looks = [
  { locale: 'fr', theme: 'light', width: 360, height: 740 },
  { locale: 'en', theme: 'dark', width: 1280, height: 800 },
] as const

describe.skipIf(isMissing)('what is still missing at a sign-in, in a real browser', () => {
  test.each(looks)(
    'a new app and a new password are asked for on accessible pages: $locale, $theme, $width px',
    async (look) => {
      const { id, email, secret } = await personWithApp(world)
      await expire(id)
      await visit(look, async (page) => {
        await signInWith(page, email)
        await type(page, 'code', world.code(secret))
        await page.waitForSelector('#new-code')
        await expectInOrder(page, look.locale)
        const fresh = (await page.textContent('code')) ?? ''
        await type(page, 'new-code', '000000')
        await page.waitForSelector('[role=alert]')
        await expectInOrder(page, look.locale)
        await type(page, 'new-code', world.code(fresh))
        await page.waitForSelector('[name=next-password]')
        await expectInOrder(page, look.locale)
        await type(page, 'next-password', 'motdepasse123')
        await page.waitForSelector('[role=alert]')
        await expectInOrder(page, look.locale)
        await type(page, 'next-password', 'another set of cold letters')
        await page.waitForURL(`${application.url.origin}/auth/callback?code=*`)
      })
    },
    60_000,
  )

  test.each(looks)(
    'an address that is not proven is told on an accessible page: $locale, $theme, $width px',
    async (look) => {
      const { id, email } = await addAccount(world.sql)
      await world.db.write(
        (sql) => sql`update account set email_verified_at = null where id = ${id}`,
      )
      await visit(look, async (page) => {
        await signInWith(page, email)
        await page.waitForSelector('[name=resend]')
        await expectInOrder(page, look.locale)
        await page.click('[name=resend]')
        await page.waitForSelector('[role=status]')
        await expectInOrder(page, look.locale)
      })
    },
    60_000,
  )
})
