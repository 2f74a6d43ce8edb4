import { describe, expect, test } from 'bun:test'
import { skipped, texts, visit } from './harness.ts'
import { type MockBooking, nextFree, tell } from './mock-state.ts'

const t = await texts('en')
const text = (id: string): string => t[id] ?? id
const coach = { locale: 'en-GB', signedIn: true } as const
const timeoutMs = 30_000

describe.skipIf(skipped !== null)('the coach workspace', () => {
  test(
    'takes a new coach from profile to sessions to hours',
    () =>
      visit(coach, async ({ page, gateway }) => {
        gateway.roles = ['coach']
        await page.goto('/workspace')
        await page.getByLabel(text('profile.slug')).fill('lea-fontaine')
        await page.getByLabel(text('profile.headline')).fill('Calm, in practice')
        await page.getByRole('checkbox', { name: text('specialty.sleep') }).check()
        await page.getByRole('checkbox', { name: /Show my page/ }).check()
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText(text('form.saved')).waitFor()

        await page.getByRole('link', { name: text('workspace.services') }).click()
        await page.getByRole('button', { name: text('services.add') }).click()
        await page.getByLabel(text('service.nameFr')).fill('Premier pas')
        await page.getByLabel(text('service.nameEn')).fill('First step')
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByRole('heading', { name: 'First step' }).waitFor()

        await page.getByRole('link', { name: text('workspace.hours') }).click()
        await page.getByRole('button', { name: /Add hours\s*Monday/ }).click()
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText(text('form.saved')).waitFor()
        const current = page.getByRole('main').locator('[aria-current=page]')
        expect(await current.allTextContents()).toEqual([text('workspace.hours')])
        expect(gateway.state.availability?.rules).toMatchObject([
          { rrule: 'FREQ=WEEKLY;BYDAY=MO', startLocal: '09:00', duration: 'PT180M' },
        ])

        await page.goto('/coaches/lea-fontaine')
        await page.getByRole('radio', { name: /First step/ }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'says at the field what was refused, and that an address is taken',
    () =>
      visit(coach, async ({ page, gateway }) => {
        gateway.roles = ['coach']
        await page.goto('/workspace')
        const slug = page.getByLabel(text('profile.slug'))
        await slug.fill('admin')
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText(text('form.invalidField')).waitFor()
        expect(await slug.getAttribute('aria-invalid')).toBe('true')
        await slug.fill('camille-moreau')
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText(text('profile.slugTaken')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'keeps the focus where a keyboard works: in the form, at its button, at the next hours',
    () =>
      visit(coach, async ({ page, gateway }) => {
        gateway.roles = ['coach']
        const [first] = gateway.state.coaches
        const [service] = gateway.state.services
        if (!first || !service) throw new Error('The mock has no coach.')
        gateway.state.coaches.push({ ...first, id: 'coach-own', slug: 'own' })
        gateway.state.services.push({ ...service, id: 'own-service', coachId: 'coach-own' })
        const main = page.getByRole('main')
        const focused = main.locator(':focus')
        const press = async (name: RegExp) => {
          await main.getByRole('button', { name }).first().focus()
          await page.keyboard.press('Enter')
        }
        await page.goto('/workspace?part=services')
        for (const id of ['service.edit', 'services.add']) {
          const opener = new RegExp(`^${text(id)}`)
          await main.getByRole('button', { name: opener }).waitFor()
          await press(opener)
          await main.locator('[name=nameFr]:focus').waitFor()
          await press(new RegExp(text('form.close')))
          await main.getByRole('button', { name: opener }).waitFor()
          expect(await focused.textContent()).toMatch(opener)
        }

        await page.goto('/workspace?part=hours')
        await main.getByRole('button', { name: /Add hours\s*Monday/ }).click()
        await main.getByRole('button', { name: /Add hours\s*Monday/ }).click()
        await press(/^Remove/)
        expect(await focused.getAttribute('aria-label')).toMatch(/^Remove/)
        await page.keyboard.press('Enter')
        expect(await focused.textContent()).toMatch(/Add hours\s*Monday/)
      }),
    timeoutMs,
  )

  test(
    'is closed to people who are no coach',
    () =>
      visit(coach, async ({ page }) => {
        await page.goto('/workspace')
        await page.getByText(text('failure.denied.title')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'sets the price of a session, and says at the field when it is refused',
    () =>
      visit(coach, async ({ page, gateway }) => {
        const { state } = gateway
        gateway.roles = ['coach']
        const [first] = state.coaches
        const [, service] = state.services
        if (!first || !service) throw new Error('The mock has no coach.')
        state.coaches.push({ ...first, id: 'coach-own', slug: 'own' })
        state.services.push({ ...service, id: 'own-service', coachId: 'coach-own' })
        await page.goto('/workspace?part=services')
        await page.getByText('€60').waitFor()
        await page.getByRole('button', { name: /^Edit/ }).click()
        const price = page.getByLabel(/^Price per person/)
        await price.fill('0.20')
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText(text('form.invalidField')).waitFor()
        expect(await price.getAttribute('aria-invalid')).toBe('true')
        await price.fill('72,50')
        await page.getByRole('button', { name: text('form.save') }).click()
        await page.getByText('€72.50').waitFor()
        expect(state.services.at(-1)?.price).toBe(7_250)
      }),
    timeoutMs,
  )

  test(
    'shows bookings as they are made, paid and cancelled, without asking',
    () =>
      visit(coach, async ({ page, gateway }) => {
        const { state } = gateway
        gateway.roles = ['coach']
        const [first] = state.coaches
        if (first) state.coaches.push({ ...first, id: 'coach-own', slug: 'own' })
        await page.goto('/workspace?part=bookings')
        await page.getByText(text('agenda.none.title')).waitFor()
        await page.locator('[data-live=live]').waitFor()
        let asked = 0
        page.on('request', (request) => {
          if (request.url().endsWith('/graphql')) asked += 1
        })
        const serviceId = 'coach-1-service-2'
        const booking: MockBooking = {
          ...{ id: 'booking-0001', serviceId, price: 6_000, version: 1, status: 'HELD' },
          startMs: nextFree(state, serviceId)[8]?.startMs ?? 0,
          holdExpiresMs: Date.now() + 500_000,
        }
        state.bookings.push(booking)
        tell(state, booking, 'HELD')
        await page.getByText(text('status.HELD')).waitFor()
        Object.assign(booking, { status: 'CONFIRMED', payment: { status: 'SUCCEEDED' } })
        tell(state, booking, 'CONFIRMED')
        await page.getByText(text('status.CONFIRMED')).waitFor()
        await page.locator('summary').click()
        await page.getByText('€60 · Paid').waitFor()
        Object.assign(booking, { status: 'CANCELLED_BY_CLIENT', version: 2 })
        tell(state, booking, 'CANCELLED')
        await page.getByText(text('status.CANCELLED_BY_CLIENT'), { exact: true }).waitFor()
        expect(asked).toBe(0)
      }),
    timeoutMs,
  )
})
