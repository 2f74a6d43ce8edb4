import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../testing/browser.ts'
import { adminAccount, type TestSystem, testPassword, testSystem } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')

let system: TestSystem

beforeAll(async () => {
  if (!skipped) system = await testSystem({ web: true, watch: false })
}, 60_000)
afterAll(() => system?.stop())

const visit = (work: (page: Page) => Promise<void>) =>
  withPage({ baseURL: system.origin, locale: 'en-GB' }, work)

async function signIn(
  page: Page,
  { email, password = testPassword }: { email: string; password?: string },
) {
  await page.goto('/auth/login?returnTo=/bookings')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/bookings')
}

async function menuOf(page: Page) {
  await page.getByRole('button', { name: /^Account of/ }).click()
  return page.getByRole('banner').getByRole('listitem')
}

describe.skipIf(skipped !== null)('in a real browser', () => {
  test('[MP-08] the header leads each role to its own pages, and everybody to their settings', async () => {
    const { email } = await system.account('Alice Bernard', ['CLIENT'])
    await visit(async (page) => {
      await signIn(page, { email })
      const entries = await menuOf(page)
      expect(await entries.allInnerTexts()).toEqual(['My bookings', 'Security', 'Sign out'])
      await page.getByRole('banner').getByRole('link', { name: 'Security' }).click()
      await page.getByRole('heading', { level: 1, name: 'Security' }).waitFor()
      await page.goto('/admin')
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0)
    })
    await visit(async (page) => {
      await signIn(page, adminAccount)
      expect(await (await menuOf(page)).allInnerTexts()).toContain('Administration')
    })
  }, 60_000)

  test('an administrator finds people with their roles, and makes an account that has them', async () => {
    const email = 'nadia@test.example'
    await visit(async (page) => {
      await signIn(page, adminAccount)
      await page.goto('/admin/people')
      await page.getByRole('button', { name: 'Add a person' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Nadia Blanc')
      await page.getByLabel('E-mail', { exact: true }).fill(email)
      await page.getByLabel('First password').fill(testPassword)
      for (const role of ['Client', 'Coach'])
        await page
          .getByRole('checkbox', { name: role, exact: true })
          .setChecked(role === 'Coach', { force: true })
      await page.getByRole('button', { name: 'Create the account' }).click()
      await page.getByText('The account of Nadia Blanc is there.').waitFor()
      await page.goto('/admin/people?search=nadia')
      const row = page.getByRole('row', { name: /Nadia Blanc/ })
      await row.waitFor()
      expect(await row.textContent()).toMatch(/nadia@test\.example[\s\S]*Coach/)
    })
    await visit(async (page) => {
      await signIn(page, { email })
      const session = await page.evaluate(async () => (await fetch('/auth/session')).json())
      expect(session).toMatchObject({ displayName: 'Nadia Blanc', roles: ['COACH'] })
    })
  }, 60_000)
})
