import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../testing/browser.ts'
import { offerSessions, priceSessions } from '../testing/coach.ts'
import { adminAccount, type TestSystem, testPassword, testSystem } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')

let system: TestSystem

beforeAll(async () => {
  if (skipped) return
  system = await testSystem({ web: true })
  const { email } = await system.account('Léa Martin', ['COACH'])
  const coach = await system.signIn(email)
  const { serviceId } = await offerSessions(coach, { slug: 'lea-martin', cancelNotice: 'PT2H' })
  await priceSessions(coach, serviceId, 6_000)
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
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/bookings')
}

/** A client holds the first free time of a day some days away, and pays it on the payment page. */
async function book(page: Page): Promise<void> {
  const { email } = await system.account('Bruno Petit', ['CLIENT'])
  await signIn(page, { email })
  const day = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10)
  await page.goto(`/coaches/lea-martin?day=${day}`)
  await page
    .getByRole('radio', { name: /^\d{2}:\d{2}/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Hold this time' }).click()
  await page.getByRole('button', { name: 'Pay €60' }).click()
  await page.getByRole('button', { name: /4242/ }).click()
  await page.getByRole('heading', { name: 'You are booked' }).waitFor()
}

/** Gives back so much of the one payment there is; an empty amount takes what the dialog proposes. */
async function refund(page: Page, amount: string | null): Promise<void> {
  await page.getByRole('button', { name: /^Refund/ }).click()
  const dialog = page.getByRole('alertdialog')
  if (amount) await dialog.getByLabel('Amount in EUR').fill(amount)
  await dialog.getByLabel('Reason').fill('goodwill')
  await dialog.getByRole('button', { name: 'Refund' }).click()
  await dialog.waitFor({ state: 'detached' })
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
      const own = ['Overview', 'My bookings', 'Security', 'Sign out']
      expect(await entries.allInnerTexts()).toEqual(own)
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

  test('an administrator gives back what was paid, in parts, and replays what the provider told', async () => {
    await visit(async (client) => {
      client.setDefaultTimeout(20_000)
      await book(client)
      await client.locator('[data-live=live]').waitFor()
      await visit(async (page) => {
        page.setDefaultTimeout(20_000)
        await signIn(page, adminAccount)
        await page.goto('/admin/payments')
        await refund(page, '20.50')
        await page.getByText('The refund of €20.50 is on its way.').waitFor()
        await client.getByText('Paid, €20.50 of it refunded').waitFor()
        await refund(page, null)
        await page.getByText('The refund of €39.50 is on its way.').waitFor()
        await client.getByText('Refunded in full').waitFor()
        await client.getByText('If your plans change').waitFor({ state: 'detached' })

        await page.goto('/admin/webhooks')
        const paid = page.getByRole('row', { name: /^checkout\.session\.completed/ })
        await paid.getByText('1 attempt').waitFor()
        await paid.getByRole('button', { name: /^Replay/ }).click()
        await page.getByText('checkout.session.completed was worked through again.').waitFor()
        await paid.getByText('2 attempts').waitFor()
        await page.goto('/admin/payments')
        const row = page.getByRole('row', { name: /€60/ })
        await row.getByText('€60 given back').waitFor()
        await row.getByText('Refunded', { exact: true }).waitFor()
        expect(await row.getByRole('button').count()).toBe(0)
      })
    })
  }, 120_000)
})
