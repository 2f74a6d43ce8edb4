import { describe, expect, test } from 'bun:test'
import { openSettled } from '../../stack/testing/settled.ts'
import { skipped, texts, visit } from './harness.ts'
import { targetRow } from './mock-health.ts'

const t = await texts('en', 'health.')
const text = (id: string): string => t[id] ?? id
const english = { locale: 'en-GB' } as const
const timeoutMs = 30_000

describe.skipIf(skipped !== null)('the status page', () => {
  test(
    'is reached from the footer by anybody, and says in words what works and how the month was',
    () =>
      visit(english, async ({ page }) => {
        await openSettled(page, '/')
        await page.getByRole('contentinfo').getByRole('link', { name: 'Status' }).click()
        await page.getByRole('heading', { name: text('health.title') }).waitFor()
        await page.getByText(text('health.headline.up')).waitFor()
        const rows = page.getByRole('main').getByRole('listitem')
        expect(await rows.count()).toBe(3)
        const website = await rows.first().textContent()
        expect(website).toContain(text('health.name.website'))
        expect(website).toContain('Answered in 42 ms')
        expect(website).toContain('Certificate until')
        expect(await rows.last().textContent()).not.toContain('Certificate until')
        const bars = rows.first().getByRole('img')
        expect(await bars.getAttribute('aria-label')).toBe('99.96% over 24 days')
      }),
    timeoutMs,
  )

  test(
    'shows news without a reload, and keeps what it knew while there is none',
    () =>
      visit(english, async ({ page, gateway }) => {
        await page.clock.install()
        await page.goto('/status')
        await page.getByText(text('health.headline.up')).waitFor()
        gateway.health.targets = [targetRow('website', 'DOWN'), targetRow('database', 'UP')]
        await page.clock.fastForward(31_000)
        await page.getByText(text('health.headline.down')).waitFor()
        expect(await page.getByRole('main').getByText(text('health.down')).count()).toBe(1)
        gateway.faults.set('ServiceStatus', 'unavailable')
        const asked = page.waitForResponse((answer) => answer.url().includes('/graphql'))
        await page.clock.fastForward(31_000)
        await asked
        expect(await page.getByText(text('health.headline.down')).isVisible()).toBe(true)
      }),
    timeoutMs,
  )

  test(
    'says so when nothing has been looked at, and when it cannot be asked',
    () =>
      visit(english, async ({ page, gateway }) => {
        gateway.health.targets = [
          { ...targetRow('website', 'UNKNOWN'), latencyMs: null, checkedAt: null, days: [] },
        ]
        await openSettled(page, '/status')
        await page.getByText(text('health.headline.unknown')).waitFor()
        await page.getByText(text('health.never')).waitFor()
        await page.getByRole('img', { name: text('health.days.none') }).waitFor()
        gateway.faults.set('ServiceStatus', 'unavailable')
        await page.reload()
        await page.getByRole('button', { name: 'Try again' }).waitFor()
        gateway.faults.delete('ServiceStatus')
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByText(text('health.headline.unknown')).waitFor()
      }),
    timeoutMs,
  )
})
