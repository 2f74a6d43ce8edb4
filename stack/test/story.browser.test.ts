import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../testing/browser.ts'
import { offerSessions } from '../testing/coach.ts'
import { type TestSystem, testPassword, testSystem } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')

let system: TestSystem

beforeAll(async () => {
  if (skipped) return
  system = await testSystem({ web: true })
  const coach = await system.person('Léa Martin', ['COACH'])
  await offerSessions(coach, { slug: 'lea-martin', minimumNotice: 'P1D' })
}, 60_000)
afterAll(() => system?.stop())

const english = () => ({ baseURL: system.origin, locale: 'en-GB', timeZone: 'Europe/Paris' })

async function signIn(page: Page, email: string) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The coach's page with a whole free day chosen, whatever the hour is now; its n-th free time. */
async function freeTime(page: Page, index: number) {
  const day = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10)
  await page.goto(`/coaches/lea-martin?day=${day}`)
  const times = page.getByRole('radio', { name: /^\d{1,2}:\d{2}/ })
  await times.first().waitFor()
  return times.nth(index)
}

describe.skipIf(skipped !== null)('in a real browser', () => {
  test('[BC-17] a person signs in, searches, holds, books, sees the booking and cancels it', async () => {
    const { email } = await system.account('Alice Bernard', ['CLIENT'])
    await withPage(english(), async (page, context) => {
      await page.goto('/')
      await page.getByRole('link', { name: 'Find a coach' }).first().click()
      await page.getByLabel('Search').fill('lea')
      await page
        .getByRole('link', { name: /Léa Martin/ })
        .first()
        .click()
      await page.getByRole('heading', { name: 'Léa Martin' }).waitFor()

      await page.getByRole('link', { name: 'Sign in' }).first().click()
      await signIn(page, email)
      await page.getByRole('heading', { name: 'Léa Martin' }).waitFor()

      await (await freeTime(page, 2)).click()
      await page.getByRole('button', { name: 'Hold this time' }).click()
      await page.getByRole('heading', { name: 'This time is held for you' }).waitFor()
      await page.getByRole('button', { name: 'Confirm booking' }).click()
      await page.getByRole('heading', { name: 'You are booked' }).waitFor()

      await page.getByRole('link', { name: 'My bookings' }).first().click()
      await page.getByText('Confirmed').first().waitFor()
      await page
        .getByRole('button', { name: /^Cancel/ })
        .first()
        .click()
      await page.getByRole('button', { name: 'Cancel booking' }).click()
      await page.getByText('Nothing planned yet').waitFor()

      const stored = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      )
      expect(stored).not.toMatch(/token|eyJ/i)
      const [cookie] = (await context.cookies()).filter(({ name }) => name === '__Host-plexus')
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
    })
  }, 60_000)

  test('of two browsers that want one time, the second is shown others and takes one', async () => {
    const people = [
      await system.account('First', ['CLIENT']),
      await system.account('Second', ['CLIENT']),
    ]
    await withPage(english(), async (fast) => {
      await withPage(english(), async (slow) => {
        for (const [index, page] of [fast, slow].entries()) {
          await page.goto('/auth/login?returnTo=/coaches/lea-martin')
          await signIn(page, people[index]?.email ?? '')
          await page.getByRole('heading', { name: 'Léa Martin' }).waitFor()
        }
        const [mine, theirs] = [await freeTime(fast, 5), await freeTime(slow, 5)]
        await mine.click()
        await theirs.click()
        await fast.getByRole('button', { name: 'Hold this time' }).click()
        await fast.getByRole('heading', { name: 'This time is held for you' }).waitFor()
        await slow.getByRole('button', { name: 'Hold this time' }).click()
        await slow.getByText('Someone was just a little faster').waitFor()
        await slow
          .getByRole('button', { name: /\d{1,2}:\d{2}/ })
          .first()
          .click()
        await slow.getByRole('heading', { name: 'This time is held for you' }).waitFor()
      })
    })
  }, 60_000)
})
