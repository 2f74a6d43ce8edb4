import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { skipped, texts, type Visit, visit } from './harness.ts'
import { type MockBooking, nextFree, tell } from './mock-state.ts'

const t = await texts('en')
const text = (id: string, values: Record<string, string> = {}): string =>
  (t[id] ?? id).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
const english = { locale: 'en-GB', signedIn: true } as const
const heading = (page: Page, id: string) => page.getByRole('heading', { name: text(id) })
const button = (page: Page, id: string) => page.getByRole('button', { name: text(id) })
const live = (page: Page, state: string) => page.locator(`[data-live=${state}]`).waitFor()

/** A booking of a session for 60 €, a week ahead, held unless told otherwise. */
function booked({ gateway }: Visit, extra: Partial<MockBooking> = {}): MockBooking {
  const serviceId = 'coach-1-service-2'
  const slot = nextFree(gateway.state, serviceId)[48]
  const booking: MockBooking = {
    ...{ id: 'booking-0001', serviceId, startMs: slot?.startMs ?? 0, version: 1, price: 6_000 },
    ...{ status: 'HELD', holdExpiresMs: Date.now() + 500_000 },
    ...extra,
  }
  gateway.state.bookings.push(booking)
  return booking
}

function change({ gateway }: Visit, booking: MockBooking, to: Partial<MockBooking>, kind: string) {
  Object.assign(booking, to, { version: booking.version + 1 })
  tell(gateway.state, booking, kind)
}

const paid = { status: 'CONFIRMED', payment: { status: 'SUCCEEDED' } } as const

/** Every request for the graph from now on. */
function graphRequests(page: Page): string[] {
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postData() ?? '')
  })
  return sent
}

const it = (name: string, work: (visit: Visit) => Promise<void>) =>
  test(name, () => visit(english, work), 40_000)

describe.skipIf(skipped !== null)('a booking page', () => {
  it('shows a payment made elsewhere without asking', async (world) => {
    const { page } = world
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await heading(page, 'held.payTitle').waitFor()
    await live(page, 'live')
    const asked = graphRequests(page)
    change(world, booking, paid, 'CONFIRMED')
    await heading(page, 'confirmed.title').waitFor()
    await page.getByText(text('payment.paid'), { exact: true }).waitFor()
    change(
      world,
      booking,
      { status: 'CANCELLED_BY_COACH', payment: { status: 'REFUNDED', refunded: 6_000 } },
      'CANCELLED',
    )
    await heading(page, 'cancelled.title').waitFor()
    await page.getByText(text('cancelled.byCoach')).waitFor()
    await page.getByText(text('payment.refundedAll')).waitFor()
    expect(asked).toEqual([])
  })

  it('says when it is not live, and shows what it missed once it is again', async (world) => {
    const { page, gateway } = world
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await live(page, 'live')
    gateway.faults.set('BookingChanged', 'unavailable')
    for (const cut of gateway.streams) cut()
    await live(page, 'lost')
    await page.getByText(text('live.lost')).waitFor()
    change(world, booking, paid, 'CONFIRMED')
    gateway.faults.delete('BookingChanged')
    await heading(page, 'confirmed.title').waitFor()
    await live(page, 'live')
  })

  it('is live again at once when the device is back online', async (world) => {
    const { page, context } = world
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await live(page, 'live')
    await context.setOffline(true)
    await live(page, 'lost')
    change(world, booking, paid, 'CONFIRMED')
    await context.setOffline(false)
    await heading(page, 'confirmed.title').waitFor({ timeout: 2_000 })
  })

  it('does not take a connection that fell silent for a live one', async (world) => {
    const { page, gateway } = world
    await page.clock.install()
    booked(world)
    await page.goto('/bookings/booking-0001')
    await live(page, 'live')
    gateway.faults.set('BookingChanged', 'unavailable')
    await page.clock.fastForward(46_000)
    await page.clock.fastForward(3_000)
    await live(page, 'lost')
  })

  it('keeps its connection for nobody but who looks at it', async (world) => {
    const { page, gateway } = world
    await page.clock.install()
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await live(page, 'live')
    const look = (state: 'hidden' | 'visible') =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await look('hidden')
    await page.clock.fastForward(61_000)
    const deadline = Date.now() + 5_000
    while (gateway.streams.size > 0 && Date.now() < deadline) await Bun.sleep(20)
    expect(gateway.streams.size).toBe(0)
    change(world, booking, paid, 'CONFIRMED')
    await look('visible')
    await heading(page, 'confirmed.title').waitFor()
  })

  it('in more tabs behind than a browser has connections lets the next one load', async (world) => {
    const { page, context, gateway } = world
    booked(world)
    const tabs = await Promise.all(Array.from({ length: 6 }, () => context.newPage()))
    const openBehind = async (tab: Page) => {
      await tab.addInitScript(() =>
        Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }),
      )
      await tab.goto('/bookings/booking-0001')
      await heading(tab, 'held.payTitle').waitFor()
      await tab.evaluate(() => window.dispatchEvent(new Event('online')))
    }
    await Promise.all(tabs.map(openBehind))
    await page.goto('/bookings/booking-0001')
    await heading(page, 'held.payTitle').waitFor()
    await live(page, 'live')
    expect(gateway.streams.size).toBe(1)
    await Promise.all(tabs.map((tab) => tab.close()))
  })

  it('tells kindly that a payment came too late, and what happens to the money', async (world) => {
    const { page } = world
    const booking = booked(world)
    await page.goto('/bookings/booking-0001')
    await live(page, 'live')
    change(world, booking, { status: 'EXPIRED', payment: { status: 'SUCCEEDED' } }, 'UNSEATED')
    await heading(page, 'unseated.title').waitFor()
    await page.getByText(text('unseated.lead', { amount: '€60' })).waitFor()
  })

  it('shows a booking whose payment cannot be asked for, and takes nothing for free', async (world) => {
    const { page, gateway } = world
    booked(world, { ...paid, holdExpiresMs: null })
    gateway.state.isBillingDown = true
    await page.goto('/bookings/booking-0001')
    await heading(page, 'confirmed.title').waitFor()
    await page.getByText('€60').waitFor()
    await page.goto('/coaches/camille-moreau')
    await page.getByRole('radio', { name: /One-to-one session/ }).waitFor()
    expect(await page.getByText(text('price.free'), { exact: true }).count()).toBe(0)
  })
})

describe.skipIf(skipped !== null)('paying', () => {
  it('leaves for the payment page, with one key for every attempt', async (world) => {
    const { page, gateway } = world
    booked(world)
    await page.goto('/bookings/booking-0001')
    const keys: unknown[] = []
    page.on('request', (request) => {
      const body = request.url().endsWith('/graphql') ? request.postDataJSON() : null
      const key = body?.variables?.input?.idempotencyKey
      if (key) keys.push(key)
    })
    gateway.faults.set('StartCheckout', 'unavailable')
    await page.getByRole('button', { name: 'Pay €60' }).click()
    await page.getByRole('alert').getByText('req-7d2f90c1').waitFor()
    gateway.faults.delete('StartCheckout')
    await page.getByRole('button', { name: 'Pay €60' }).click()
    await page.waitForURL('**/mock-pay/booking-0001')
    expect(keys.length).toBe(2)
    expect(new Set(keys).size).toBe(1)
  })

  it('comes back to a wait that turns into the confirmation by itself', async (world) => {
    const { page } = world
    const booking = booked(world, { payment: { status: 'REQUIRES_ACTION' } })
    await page.goto('/bookings/booking-0001/result')
    await heading(page, 'confirming.title').waitFor()
    await live(page, 'live')
    const asked = graphRequests(page)
    change(world, booking, paid, 'CONFIRMED')
    await heading(page, 'confirmed.title').waitFor()
    expect(asked).toEqual([])
  })

  it('says so when the confirmation takes long, and what to do', async (world) => {
    const { page } = world
    await page.clock.install()
    booked(world, { payment: { status: 'REQUIRES_ACTION' } })
    await page.goto('/bookings/booking-0001/result')
    await heading(page, 'confirming.title').waitFor()
    await page.clock.fastForward(15_500)
    await heading(page, 'confirming.long.title').waitFor()
    await page.getByRole('link', { name: text('confirming.back') }).click()
    await page.getByRole('button', { name: 'Pay €60' }).waitFor()
  })

  it('that was declined leads back to the hold, which is still there', async (world) => {
    const { page } = world
    booked(world, { payment: { status: 'FAILED' } })
    await page.goto('/bookings/booking-0001/result')
    await page.waitForURL('**/bookings/booking-0001')
    await page.getByText(text('held.declined')).waitFor()
    await page.getByRole('button', { name: 'Pay €60' }).waitFor()
  })

  it('is not asked for what is free', async (world) => {
    const { page } = world
    booked(world, { price: undefined })
    await page.goto('/bookings/booking-0001')
    await button(page, 'held.confirm').click()
    await heading(page, 'confirmed.title').waitFor()
    await page.getByText(text('price.free')).waitFor()
  })

  it('is not entered into when the price has just changed: both prices are named', async (world) => {
    const { page, gateway } = world
    await page.goto('/coaches/camille-moreau?service=coach-1-service-2')
    const [time] = [page.getByRole('radio', { name: /^\d{1,2}:\d\d/ }).first()]
    await time.check({ force: true })
    const service = gateway.state.services.find(({ id }) => id === 'coach-1-service-2')
    if (service) service.price = 7_500
    gateway.state.refusesTokens = true
    await button(page, 'booker.continue').click()
    await page.getByText(/it was €60, it is now €75/).waitFor()
  })
})

describe.skipIf(skipped !== null)('a change of plans', () => {
  it('shows what comes back before anything is cancelled', async (world) => {
    const { page } = world
    booked(world, { ...paid, holdExpiresMs: null })
    await page.goto('/bookings/booking-0001')
    await page.getByText(/Everything back until/).waitFor()
    await page.getByText(/50% back until/).waitFor()
    await page.getByRole('button', { name: /^Cancel/ }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText(/You get €60 back \(100%\) if you cancel by/).waitFor()
    await dialog.getByRole('button', { name: text('cancel.confirm') }).click()
    await heading(page, 'cancelled.title').waitFor()
    await page.getByText(text('payment.refundedAll')).waitFor()
  })

  it('shows half when it is late, and says until when it can be cancelled', async (world) => {
    const { page } = world
    const startMs = Math.ceil(Date.now() / 3_600_000 + 40) * 3_600_000
    booked(world, { ...paid, holdExpiresMs: null, startMs })
    await page.goto('/bookings/booking-0001')
    await page.getByRole('button', { name: /^Cancel/ }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('You get €30 back (50%).').waitFor()
    await dialog.getByText(/You can cancel online until/).waitFor()
  })

  it('moves a booking to another time of the same session', async (world) => {
    const { page } = world
    const booking = booked(world, { ...paid, holdExpiresMs: null })
    const before = booking.startMs
    await page.goto('/bookings/booking-0001')
    await button(page, 'move.open').click()
    await page
      .getByRole('radio', { name: /^\d{1,2}:\d\d/ })
      .nth(1)
      .check({ force: true })
    await page.getByRole('button', { name: /^Move to / }).click()
    await page.getByText(text('move.done')).waitFor()
    expect(booking.startMs).not.toBe(before)
    expect(await page.getByText(text('payment.paid'), { exact: true }).count()).toBe(1)
  })

  it('keeps the present time when the new one has just been taken', async (world) => {
    const { page, gateway } = world
    const booking = booked(world, { ...paid, holdExpiresMs: null })
    const before = booking.startMs
    await page.goto('/bookings/booking-0001')
    await button(page, 'move.open').click()
    const time = page.getByRole('radio', { name: /^\d{1,2}:\d\d/ }).nth(1)
    await time.check({ force: true })
    gateway.state.takenElsewhere.add(Date.parse((await time.getAttribute('value')) ?? ''))
    await page.getByRole('button', { name: /^Move to / }).click()
    await page.getByText(text('move.taken')).waitFor()
    expect(booking.startMs).toBe(before)
  })
})
