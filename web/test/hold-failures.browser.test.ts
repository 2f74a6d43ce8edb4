import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { skipped, texts, visit } from './harness.ts'

const t = await texts('en')
const text = (id: string): string => t[id] ?? id
const english = { locale: 'en-GB', signedIn: true } as const

const times = (page: Page) => page.getByRole('radio', { name: /^\d{1,2}:\d\d/ })
const heading = (page: Page, id: string) => page.getByRole('heading', { name: text(id) })
const button = (page: Page, id: string) => page.getByRole('button', { name: text(id) })

async function choose(page: Page, place: number) {
  await page.goto('/coaches/camille-moreau')
  await times(page).nth(place).check({ force: true })
}

describe.skipIf(skipped !== null)('a hold or a booking that fails', () => {
  test(
    'a session that ended elsewhere is said at the next press, with a way back to the same place',
    () =>
      visit(english, async ({ page, context, gateway }) => {
        const signIn = page.getByRole('main').getByRole('link', { name: text('account.signIn') })
        await choose(page, 0)
        await context.clearCookies()
        await button(page, 'booker.continue').click()
        await page.getByRole('alert').getByText(text('failure.signedOut.title')).waitFor()
        await page
          .getByRole('banner')
          .getByRole('link', { name: text('account.signIn') })
          .waitFor()
        await page
          .getByRole('alert')
          .getByRole('link', { name: text('account.signIn') })
          .click()
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        await context.clearCookies()
        await button(page, 'held.confirm').click()
        await heading(page, 'failure.signedOut.title').waitFor()
        await signIn.click()
        await button(page, 'held.confirm').click()
        await heading(page, 'confirmed.title').waitFor()
        expect(gateway.state.bookings.length).toBe(1)
      }),
    30_000,
  )

  test(
    'an outage at the last step is named for what it is',
    () =>
      visit(english, async ({ page, gateway }) => {
        await choose(page, 0)
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        gateway.faults.set('ConfirmBooking', 'unavailable')
        await button(page, 'held.confirm').click()
        await page.getByRole('alert').getByText(text('failure.unavailable.title')).waitFor()
        await page.route('**/graphql', (route) => route.abort('internetdisconnected'))
        await button(page, 'held.confirm').click()
        await page.getByRole('alert').getByText(text('failure.offline.title')).waitFor()
      }),
    30_000,
  )

  test(
    'a fourth hold is refused with the reason, and a way to the other three',
    () =>
      visit(english, async ({ page }) => {
        for (let held = 0; held < 3; held += 1) {
          await choose(page, 0)
          await button(page, 'booker.continue').click()
          await heading(page, 'held.title').waitFor()
        }
        await choose(page, 0)
        await button(page, 'booker.continue').click()
        const notice = page.getByRole('status').filter({ hasText: text('hold.notNow') })
        await notice.getByRole('link', { name: text('nav.bookings') }).click()
        await page.waitForURL('**/bookings')
      }),
    30_000,
  )

  test(
    'a hold that could not be released stays in sight, and goes at the next press',
    () =>
      visit(english, async ({ page, gateway }) => {
        await choose(page, 0)
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        for (const [fault, id] of [
          ['unavailable', 'failure.unavailable.title'],
          ['internal', 'held.releaseFailed'],
        ] as const) {
          gateway.faults.set('ReleaseHold', fault)
          await button(page, 'held.release').click()
          await page.getByRole('alert').getByText(text(id)).waitFor()
          await heading(page, 'held.title').waitFor()
        }
        gateway.faults.clear()
        await button(page, 'held.release').click()
        await page.waitForURL('**/coaches/camille-moreau?**')
        expect(gateway.state.bookings[0]?.status).toBe('EXPIRED')
      }),
    30_000,
  )
})
