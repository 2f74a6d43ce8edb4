import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { openSettled } from '../../stack/testing/settled.ts'
import { skipped, texts, visit } from './harness.ts'

const t = await texts('en')
const fr = await texts('fr')
const text = (id: string): string => t[id] ?? id
const english = { locale: 'en-GB' } as const
const timeoutMs = 30_000

/** Cumulative layout shift since the page began, as the browser counts it. */
const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean }
        let total = 0
        new PerformanceObserver((list) => {
          // The entry type fixes the shape; lib.dom does not know it.
          for (const { value, hadRecentInput } of list.getEntries() as Shift[])
            if (!hadRecentInput) total += value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(total), 300)
      }),
  )

describe.skipIf(skipped !== null)('states', () => {
  test(
    'what is on its way keeps its place: nothing jumps when it arrives',
    () =>
      visit(english, async ({ page }) => {
        for (const path of ['/', '/coaches', '/coaches/camille-moreau']) {
          await openSettled(page, path)
          expect(await layoutShift(page)).toBeLessThanOrEqual(0.05)
        }
      }),
    timeoutMs,
  )

  test(
    'while a page waits for its data, it says so to a screen reader',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.faults.set('CoachPage', 'never')
        await page.goto('/coaches/camille-moreau')
        await page.getByRole('status').getByText(text('loading')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'an outage shows what to do and the request id, and a retry recovers',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.faults.set('Coaches', 'unavailable')
        await page.goto('/coaches')
        await page.getByText(text('failure.unavailable.title')).waitFor()
        await page.getByText('req-7d2f90c1').waitFor()
        gateway.faults.delete('Coaches')
        await page.getByRole('button', { name: text('failure.retry') }).click()
        await page.getByText('Camille Moreau').waitFor()
      }),
    timeoutMs,
  )

  test(
    'without a network the page says so, and a retry recovers',
    () =>
      visit(english, async ({ page }) => {
        await page.route('**/graphql', (route) => route.abort('internetdisconnected'))
        await page.goto('/coaches')
        await page.getByText(text('failure.offline.title')).waitFor()
        await page.unroute('**/graphql')
        await page.getByRole('button', { name: text('failure.retry') }).click()
        await page.getByText('Camille Moreau').waitFor()
      }),
    timeoutMs,
  )

  test(
    '[MP-83] a page whose code does not arrive says so, and a retry brings it without leaving',
    () =>
      visit(english, async ({ page }) => {
        await openSettled(page, '/')
        await page.evaluate(() => document.body.setAttribute('data-stayed', ''))
        const retry = page.getByRole('button', { name: text('failure.retry') })
        await page.route(/./, (route) => route.abort('internetdisconnected'))
        await page
          .getByRole('banner')
          .getByRole('link', { name: text('nav.coaches') })
          .click()
        await page.getByText(text('failure.unavailable.title')).waitFor()
        await retry.click()
        await page.locator('main button:not([aria-busy])').waitFor()
        await page.getByText(text('failure.unavailable.title')).waitFor()
        await page.unrouteAll()
        await retry.click()
        await page.getByText('Camille Moreau').waitFor()
        expect(await page.locator('body[data-stayed]').count()).toBe(1)
      }),
    timeoutMs,
  )

  test(
    'a session that ended is answered with a way back in',
    () =>
      visit({ ...english, signedIn: true }, async ({ page, gateway }) => {
        gateway.faults.set('MyBookings', 'signed-out')
        await page.goto('/bookings')
        await page.getByText(text('failure.signedOut.title')).waitFor()
        const link = page.getByRole('main').getByRole('link', { name: text('account.signIn') })
        expect(await link.getAttribute('href')).toBe('/auth/login?returnTo=%2Fbookings')
      }),
    timeoutMs,
  )

  test(
    'each reason of a failed sign-in has its own sentence, in the language of the browser',
    () =>
      visit({ locale: 'fr-FR' }, async ({ page }) => {
        for (const reason of ['expired', 'denied', 'unavailable', 'replayed']) {
          await page.goto(`/?signin=failed&reason=${reason}`)
          await page.getByText(fr[`signin.${reason}`] ?? '').waitFor()
        }
        for (const reason of ['__proto__', 'constructor', 'else']) {
          await page.goto(`/?signin=failed&reason=${reason}`)
          await page.getByText(fr['signin.failed'] ?? '').waitFor()
        }
        await page.getByRole('button', { name: fr['notice.dismiss'] ?? '' }).click()
        await page.waitForURL((url) => url.search === '')
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('search', () => {
  test(
    'a language that does not exist finds nobody, and breaks nothing',
    () =>
      visit(english, async ({ page }) => {
        await page.goto('/coaches?language=zzzz')
        await page.getByText(text('coaches.noMatch.title')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'waits for the last key, lives in the address, and Back undoes leaving it',
    () =>
      visit(english, async ({ page }) => {
        const asked: string[] = []
        page.on('request', (request) => {
          if (request.url().endsWith('/graphql')) asked.push(request.postData() ?? '')
        })
        // The page's clock stands still while one types: however slow the machine, no pause ends.
        await page.clock.install()
        await openSettled(page, '/coaches')
        await page.clock.pauseAt(Date.now() + 60_000)
        await page.waitForLoadState('networkidle')
        const before = asked.length
        await page.getByLabel(text('coaches.search')).pressSequentially('geneva')
        expect(asked.length - before).toBe(0)
        await page.clock.resume()
        await page.getByText('Sofia Lindqvist').waitFor()
        await page.getByText('Camille Moreau').waitFor({ state: 'detached' })
        expect(asked.length - before).toBe(1)
        expect(new URL(page.url()).searchParams.get('search')).toBe('geneva')
        await page.getByRole('link', { name: 'Sofia Lindqvist' }).click()
        await page.getByRole('heading', { level: 1, name: 'Sofia Lindqvist' }).waitFor()
        await page.goBack()
        expect(await page.getByLabel(text('coaches.search')).inputValue()).toBe('geneva')
      }),
    timeoutMs,
  )

  test(
    'a filter that finds nobody offers to clear itself',
    () =>
      visit(english, async ({ page }) => {
        await page.goto('/coaches?specialty=yoga')
        await page.getByText(text('coaches.noMatch.title')).waitFor()
        await page
          .getByRole('main')
          .getByRole('button', { name: text('coaches.clear') })
          .last()
          .click()
        await page.getByText('Camille Moreau').waitFor()
      }),
    timeoutMs,
  )

  test(
    'more coaches are shown below those that are there',
    () =>
      visit(english, async ({ page, gateway }) => {
        const [first] = gateway.state.coaches
        for (let extra = 0; first && extra < 10; extra += 1)
          gateway.state.coaches.push({ ...first, id: `more-${extra}`, slug: `more-${extra}` })
        await page.goto('/coaches')
        await page.getByRole('article').nth(11).waitFor()
        await page.getByRole('button', { name: text('list.more') }).click()
        await page.getByRole('article').nth(16).waitFor()
        expect(await page.getByRole('button', { name: text('list.more') }).count()).toBe(0)
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('the shell', () => {
  test(
    'a page that asks for an account, or that failed, says so in its title too',
    () =>
      visit(english, async ({ page, gateway }) => {
        for (const [path, id] of [
          ['/bookings', 'bookings.signIn.title'],
          ['/bookings/booking-1', 'booking.signIn.title'],
          ['/workspace', 'workspace.signIn.title'],
        ] as const) {
          await page.goto(path)
          await page.getByRole('heading', { level: 1, name: text(id) }).waitFor()
          expect(await page.title()).toBe(`${text(id)} · Plexus`)
        }
        gateway.faults.set('CoachPage', 'unavailable')
        await page.goto('/coaches/camille-moreau')
        await page.getByText(text('failure.unavailable.title')).waitFor()
        expect(await page.title()).toBe(`${text('failure.unavailable.title')} · Plexus`)
      }),
    timeoutMs,
  )

  test(
    '[MP-23] theme and language are kept, and nothing else is stored',
    () =>
      visit({ locale: 'fr-FR', signedIn: true }, async ({ page }) => {
        await openSettled(page, '/coaches')
        await page.getByRole('button', { name: /Langue et thème/i }).click()
        await page.getByRole('radio', { name: fr['preferences.theme.dark'] ?? '' }).check()
        await page.getByRole('radio', { name: 'English' }).check()
        await page.getByRole('heading', { name: text('coaches.title') }).waitFor()
        await page.reload({ waitUntil: 'networkidle' })
        expect(await page.locator('html').getAttribute('lang')).toBe('en')
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
        const stored = await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }])
        expect(Object.keys(stored[0] ?? {}).sort()).toEqual(['plexus.locale', 'plexus.theme'])
        expect(JSON.stringify(stored)).not.toMatch(/token|session|eyJ/i)
      }),
    timeoutMs,
  )

  test(
    'the first Tab is a way past the menu',
    () =>
      visit(english, async ({ page }) => {
        await openSettled(page, '/coaches')
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        await page.locator('#main:focus').waitFor()
      }),
    timeoutMs,
  )

  test(
    'the account menu closes with Escape, and signing out ends on the first page',
    () =>
      visit({ ...english, signedIn: true }, async ({ page }) => {
        await openSettled(page, '/coaches')
        const account = page.getByRole('button', { name: /Account of/ })
        await account.click()
        await page.keyboard.press('Escape')
        expect(await account.getAttribute('aria-expanded')).toBe('false')
        await account.click()
        await page.getByRole('button', { name: text('account.signOut') }).click()
        await page
          .getByRole('banner')
          .getByRole('link', { name: text('account.signIn') })
          .waitFor()
        expect(new URL(page.url()).pathname).toBe('/')
      }),
    timeoutMs,
  )

  test(
    'sends operations by their hash and never as text',
    () =>
      visit(english, async ({ page }) => {
        const bodies: unknown[] = []
        page.on('request', (request) => {
          if (request.url().endsWith('/graphql')) bodies.push(request.postDataJSON())
        })
        await openSettled(page, '/coaches/camille-moreau')
        expect(bodies.length).toBeGreaterThan(1)
        for (const body of bodies) {
          expect(Object.keys(body ?? {}).sort()).toEqual(['documentId', 'variables'])
          expect(body).toMatchObject({ documentId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })
        }
      }),
    timeoutMs,
  )
})
