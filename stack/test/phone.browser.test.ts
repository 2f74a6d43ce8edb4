import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { BrowserContext, Page } from 'playwright-core'
import { browserMissing, sharedBrowser, withPage } from '../testing/browser.ts'
import { type TestSystem, testPassword, testSystem } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')

let system: TestSystem

beforeAll(async () => {
  if (!skipped) system = await testSystem({ web: true })
}, 60_000)
afterAll(() => system?.stop())

/** A phone: small, touched, and with its own storage. */
async function onPhone<T>(work: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await (await sharedBrowser()).newContext({
    baseURL: system.origin,
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  })
  context.setDefaultTimeout(10_000)
  try {
    return await work(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

async function signIn(page: Page, email: string) {
  await page.goto('/bookings')
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/bookings')
  await page.getByRole('heading', { level: 1, name: 'My bookings' }).waitFor()
}

const isSignedIn = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/auth/session')).json()).authenticated)

describe.skipIf(skipped !== null)('on a phone', () => {
  test('[FC-59] [FC-37] one signs in as on a desk, once for every application of the house', async () => {
    const { email } = await system.account('Alice Bernard', ['CLIENT'])
    await withPage({ baseURL: system.origin, locale: 'en-GB' }, (page) => signIn(page, email))
    await onPhone(async (page, context) => {
      await signIn(page, email)
      expect(await isSignedIn(page)).toBe(true)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
        true,
      )
      // An application that does not know the person yet: the provider does, and asks for nothing.
      const own = (await context.cookies(system.origin)).find(({ name }) => /plexus$/.test(name))
      await context.clearCookies({ name: own?.name ?? '' })
      expect(await isSignedIn(page)).toBe(false)
      await page.goto('/auth/login?returnTo=/bookings')
      await page.waitForURL('**/bookings')
      expect(await isSignedIn(page)).toBe(true)
    })
  }, 60_000)
})
