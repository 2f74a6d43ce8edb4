import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { focusOn } from '../../stack/testing/browser.ts'
import { openSettled } from '../../stack/testing/settled.ts'
import { skipped, texts, type Visit, visit } from './harness.ts'
import { nextFree } from './mock-state.ts'

const t = await texts('en')
const text = (id: string): string => t[id] ?? id
const english = { locale: 'en-GB', signedIn: true } as const
const service = 'coach-1-service-1'

const times = (page: Page) => page.getByRole('radio', { name: /^\d{1,2}:\d\d/ })
const heading = (page: Page, id: string) => page.getByRole('heading', { name: text(id) })
const button = (page: Page, id: string) => page.getByRole('button', { name: text(id) })

/** Presses Tab until the focused element has that role and text; fails after a hundred. */
async function tabTo(page: Page, matches: RegExp) {
  for (let press = 0; press < 100; press += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      const label = element?.closest('label')?.textContent ?? element?.textContent ?? ''
      return `${element?.tagName} ${element?.getAttribute('aria-label') ?? ''} ${label}`
    })
    if (matches.test(focused)) return
  }
  throw new Error(`Tab never reaches ${matches}`)
}

async function choose(page: Page, place: number) {
  await page.goto('/coaches/camille-moreau')
  await times(page).nth(place).check({ force: true })
}

const takeElsewhere = ({ gateway }: Visit, place: number) => {
  const slot = nextFree(gateway.state, service)[place]
  if (slot) gateway.state.takenElsewhere.add(slot.startMs)
}

const confirmedBooking = ({ gateway }: Visit, hoursAhead: number, version = 1) => {
  const startMs = Math.ceil(Date.now() / 3_600_000 + hoursAhead) * 3_600_000
  const id = 'booking-0042'
  gateway.state.bookings.push({
    id,
    serviceId: service,
    startMs,
    status: 'CONFIRMED',
    holdExpiresMs: null,
    version,
  })
}

describe.skipIf(skipped !== null)('booking', () => {
  test(
    'works with the keyboard alone, from the first page to the reference',
    () =>
      visit(english, async ({ page }) => {
        await openSettled(page, '/')
        await tabTo(page, /^A .*Find a coach/)
        await page.keyboard.press('Enter')
        await heading(page, 'coaches.title').waitFor()
        await page.getByText('Camille Moreau').waitFor()
        await tabTo(page, /Camille Moreau/)
        await page.keyboard.press('Enter')
        await page.getByRole('grid').waitFor()
        await times(page).first().waitFor()
        await tabTo(page, /^INPUT .*\d{1,2}:\d\d/)
        await page.keyboard.press('ArrowRight')
        await tabTo(page, new RegExp(text('booker.continue')))
        await page.keyboard.press('Enter')
        await heading(page, 'held.title').waitFor()
        await tabTo(page, new RegExp(text('held.confirm')))
        await page.keyboard.press('Enter')
        await heading(page, 'confirmed.title').waitFor()
        await focusOn(page, text('confirmed.title'))
      }),
    30_000,
  )

  test(
    'the calendar is moved through with arrow keys, and says its dates in full',
    () =>
      visit(english, async ({ page, gateway }) => {
        await page.goto('/coaches/camille-moreau')
        await times(page).first().waitFor()
        const [next] = nextFree(gateway.state, service).filter(
          ({ startMs }) => startMs > Date.now() + 3 * 86_400_000,
        )
        const date = new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'full',
          timeZone: 'Europe/Paris',
        })
        const name = date.format(next?.startMs).replace(',', '')
        const cell = page.getByRole('button', { name: new RegExp(name.replace(' ', ',? ')) })
        await page.getByRole('grid').locator('[tabindex="0"]').first().focus()
        for (
          let day = 0;
          day < 20 &&
          !(await cell
            .first()
            .evaluate((node) => node === document.activeElement)
            .catch(() => false));
          day += 1
        )
          await page.keyboard.press('ArrowRight')
        await page.keyboard.press('Enter')
        await page.waitForURL((url) => url.searchParams.has('day'))
      }),
    30_000,
  )

  test(
    'a time that somebody else has just taken is answered with others, one press away',
    () =>
      visit(english, async (world) => {
        const { page } = world
        await choose(page, 1)
        takeElsewhere(world, 1)
        await button(page, 'booker.continue').click()
        await heading(page, 'taken.title').waitFor()
        const others = page.getByRole('list').getByRole('button', { name: /\d{1,2}:\d\d/ })
        expect(await others.count()).toBe(6)
        await others.first().click()
        await heading(page, 'held.title').waitFor()
      }),
    30_000,
  )

  test(
    'a hold that ends while the page is open says so, and leads back to the same time',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.state.holdMs = 3_000
        await choose(page, 0)
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        await heading(page, 'expired.title').waitFor()
        await page.getByRole('link', { name: text('expired.again') }).click()
        await times(page).first().waitFor()
        expect(await times(page).first().isChecked()).toBe(true)
      }),
    30_000,
  )

  test(
    'a hold that the server says has ended is shown as ended',
    () =>
      visit(english, async ({ page, gateway }) => {
        await choose(page, 0)
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        for (const booking of gateway.state.bookings) booking.holdExpiresMs = Date.now() - 1
        await button(page, 'held.confirm').click()
        await heading(page, 'expired.title').waitFor()
      }),
    30_000,
  )

  test(
    'a lost answer to a hold is repeated with the same key, and never books twice',
    () =>
      visit(english, async ({ page, gateway }) => {
        const keys: string[] = []
        page.on('request', (request) => {
          const body = request.postDataJSON() as {
            variables?: { input?: { idempotencyKey?: string } }
          } | null
          const key = body?.variables?.input?.idempotencyKey
          if (key) keys.push(key)
        })
        await choose(page, 0)
        gateway.faults.set('HoldSlot', 'unavailable')
        await button(page, 'booker.continue').click()
        await page.getByRole('alert').getByText('req-7d2f90c1').waitFor()
        gateway.faults.delete('HoldSlot')
        await button(page, 'booker.continue').click()
        await heading(page, 'held.title').waitFor()
        expect(keys.length).toBe(2)
        expect(new Set(keys).size).toBe(1)
      }),
    30_000,
  )

  test(
    'without an account, the chosen time survives signing in',
    () =>
      visit({ locale: 'en-GB' }, async ({ page }) => {
        await choose(page, 2)
        await page.getByRole('link', { name: text('booker.signIn') }).click()
        await button(page, 'booker.continue').waitFor()
        expect(await times(page).nth(2).isChecked()).toBe(true)
      }),
    30_000,
  )

  test(
    'times are in the visitor zone, and in that of the coach when asked',
    () =>
      visit(english, async ({ page }) => {
        await page.goto('/coaches/maya-tremblay')
        const first = await times(page).first().getAttribute('value')
        await page.getByText(/Paris \(GMT\+\d\)/).waitFor()
        expect(first).toContain('T')
        await page.getByRole('radio', { name: text('zone.switch.coach') }).click()
        await page.getByText(/Montreal \(GMT-\d\)/).waitFor()
        expect(await times(page).first().locator('..').textContent()).toMatch(/^09:00/)
      }),
    30_000,
  )
})

describe.skipIf(skipped !== null)('cancelling', () => {
  test(
    'asks first, shows the deadline, and moves the booking to the cancelled ones',
    () =>
      visit(english, async (world) => {
        const { page } = world
        confirmedBooking(world, 72)
        await page.goto('/bookings')
        await page.getByRole('button', { name: /^Cancel/ }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByText(/You can cancel online until/).waitFor()
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        await focusOn(page, /^Cancel/)
        await page.keyboard.press('Enter')
        await button(page, 'cancel.confirm').click()
        await page.getByText(text('cancel.done')).waitFor()
        await page.getByText(text('bookings.none.title')).waitFor()
        await page.getByRole('link', { name: text('bookings.cancelled') }).click()
        await page.getByText(text('status.CANCELLED_BY_CLIENT')).first().waitFor()
      }),
    30_000,
  )

  test(
    'takes the cancellation back, with the deadline, when it came too late',
    () =>
      visit(english, async (world) => {
        const { page, gateway } = world
        confirmedBooking(world, 25)
        await page.goto('/bookings')
        await page.getByRole('button', { name: /^Cancel/ }).click()
        for (const booking of gateway.state.bookings) booking.startMs -= 3 * 3_600_000
        await button(page, 'cancel.confirm').click()
        await page.getByText(/It was possible to cancel online until/).waitFor()
        await page.getByText(text('status.CONFIRMED')).waitFor()
      }),
    30_000,
  )

  test(
    'says that the booking changed in the meantime, and goes on with what is current',
    () =>
      visit(english, async (world) => {
        const { page, gateway } = world
        confirmedBooking(world, 72)
        await page.goto('/bookings')
        await page.getByRole('button', { name: /^Cancel/ }).click()
        for (const booking of gateway.state.bookings) booking.version += 1
        await button(page, 'cancel.confirm').click()
        await page.getByText(text('cancel.stale')).waitFor()
        await page.getByRole('button', { name: /^Cancel/ }).click()
        await button(page, 'cancel.confirm').click()
        await page.getByText(text('cancel.done')).waitFor()
      }),
    30_000,
  )
})
