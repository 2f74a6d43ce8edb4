import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { focusOn } from '../../stack/testing/browser.ts'
import { skipped, texts, type Visit, visit } from './harness.ts'
import { type MockBooking, nextFree, tell } from './mock-state.ts'

const t = await texts('en')
const text = (id: string, values: Record<string, string> = {}): string =>
  (t[id] ?? id).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
const phone = { locale: 'en-GB', signedIn: true, width: 360, height: 640 } as const
const heading = (page: Page, id: string) => page.getByRole('heading', { name: text(id) })

/** A booking of a session for 60 €, a week ahead, paid unless told otherwise. */
function booked({ gateway }: Visit, extra: Partial<MockBooking> = {}): MockBooking {
  const serviceId = 'coach-1-service-2'
  const booking: MockBooking = {
    ...{ id: 'booking-0001', serviceId, version: 1, price: 6_000, holdExpiresMs: null },
    ...{ startMs: nextFree(gateway.state, serviceId)[48]?.startMs ?? 0, status: 'CONFIRMED' },
    payment: { status: 'SUCCEEDED' },
    ...extra,
  }
  gateway.state.bookings.push(booking)
  return booking
}

const it = (name: string, work: (visit: Visit) => Promise<void>) =>
  test(name, () => visit(phone, work), 40_000)

const isInView = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? new DOMRect(0, -1)
    return top >= 0 && bottom <= innerHeight
  })

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Cancel/ }).click()
  await page
    .getByRole('alertdialog')
    .getByText(/You get/)
    .waitFor()
  await page.getByRole('button', { name: text('cancel.confirm') }).click()
  await heading(page, 'cancelled.title').waitFor()
}

describe.skipIf(skipped !== null)('on a phone, a change of plans', () => {
  it('names the refund that is on its way until it is sent', async (world) => {
    const { page, gateway } = world
    gateway.state.isRefundSlow = true
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await cancel(page)
    await page.getByText(text('cancelled.refundDue', { amount: '€60' })).waitFor()
    await page.reload()
    await page.getByText(text('cancelled.refundComing')).waitFor()
    await page.locator('[data-live=live]').waitFor()
    booking.payment = { status: 'REFUNDED', refunded: 6_000 }
    tell(gateway.state, booking, 'PAYMENT')
    await page.getByText(text('cancelled.refunded', { amount: '€60' })).waitFor()
    expect(await page.getByText(text('cancelled.refundComing')).count()).toBe(0)
  })

  it('promises no refund where the policy gives none', async (world) => {
    const { page } = world
    const startMs = Math.ceil(Date.now() / 3_600_000 + 20) * 3_600_000
    booked(world, { startMs, status: 'CANCELLED_BY_CLIENT' })
    await page.goto('/bookings/booking-0001')
    await heading(page, 'cancelled.title').waitFor()
    await page.getByText(text('payment.paid'), { exact: true }).waitFor()
    expect(await page.getByText(/refund/i).count()).toBe(0)
  })

  it('that moves a booking shows all of the choice, then the new time', async (world) => {
    const { page } = world
    booked(world)
    await page.goto('/bookings/booking-0001')
    await page.getByRole('button', { name: text('move.open') }).click()
    await page
      .getByRole('radio', { name: /^\d{2}:\d\d/ })
      .nth(1)
      .check({ force: true })
    const confirm = page.getByRole('button', { name: /^Move to / })
    const cut = await confirm.evaluate((button) => button.scrollWidth - button.clientWidth)
    expect(cut).toBe(0)
    await confirm.click()
    await page.getByText(text('move.done')).waitFor()
    await focusOn(page, text('move.done'))
    expect(await isInView(page)).toBe(true)
  })

  it('made elsewhere shows in the list when the person comes back to it', async (world) => {
    const { page } = world
    const booking = booked(world, { status: 'HELD', holdExpiresMs: Date.now() + 500_000 })
    await page.clock.install()
    await page.goto('/bookings')
    await page.getByText(text('status.HELD')).waitFor()
    booking.status = 'CONFIRMED'
    await page.clock.fastForward(6_000)
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.getByText(text('status.CONFIRMED')).waitFor()
  })
})

describe.skipIf(skipped !== null)('on a phone, paying', () => {
  const held = () => ({
    status: 'HELD' as const,
    holdExpiresMs: Date.now() + 500_000,
    payment: { status: 'REQUIRES_ACTION' as const },
  })

  it('can be pressed again by who comes back to the page as it was left', async (world) => {
    const { page, context } = world
    booked(world, held())
    // 204: the browser stays where it is, as on a page that it has kept.
    await context.route('**/mock-pay/**', (route) => route.fulfill({ status: 204 }))
    await page.goto('/bookings/booking-0001')
    const pay = page.getByRole('button', { name: 'Pay €60' })
    await Promise.all([page.waitForRequest('**/mock-pay/**'), pay.click()])
    await page.locator('button[aria-busy=true]').waitFor()
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow')))
    await page.locator('button[aria-busy=true]').waitFor({ state: 'detached' })
    await Promise.all([page.waitForRequest('**/mock-pay/**'), pay.click()])
  })

  it('that fails says so where the button was pressed', async (world) => {
    const { page, gateway } = world
    booked(world, held())
    gateway.faults.set('StartCheckout', 'unavailable')
    await page.goto('/bookings/booking-0001')
    const pay = page.getByRole('button', { name: 'Pay €60' })
    await pay.click()
    const problem = await page.getByRole('alert').boundingBox()
    const pressed = await pay.boundingBox()
    const gap = (pressed?.y ?? 0) - (problem?.y ?? 0) - (problem?.height ?? 0)
    expect(gap).toBeGreaterThan(0)
    expect(gap).toBeLessThan(60)
  })
})
