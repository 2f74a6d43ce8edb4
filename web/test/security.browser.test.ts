import { describe, expect, test } from 'bun:test'
import { focusOn } from '../../stack/testing/browser.ts'
import { openSettled } from '../../stack/testing/settled.ts'
import { findings } from './axe.ts'
import { skipped, texts, type Visit, visit } from './harness.ts'

const t = { ...(await texts('en')), ...(await texts('en', 'security.')) }
const fr = { ...(await texts('fr')), ...(await texts('fr', 'security.')) }
const text = (id: string): string => t[id] ?? id
const signedIn = { locale: 'en-GB', signedIn: true } as const
const timeoutMs = 30_000

/** At the page, with its sessions there. */
async function open({ page }: Visit) {
  await page.goto('/security')
  await page.getByText(text('security.current')).waitFor()
}

describe.skipIf(skipped !== null)('security', () => {
  test(
    'shows each session with its device, address and last use, and marks the one that looks',
    () =>
      visit(signedIn, async (world) => {
        await open(world)
        const rows = world.page.getByRole('main').getByRole('article')
        expect(await rows.count()).toBe(3)
        const first = await rows.first().textContent()
        expect(first).toContain('Chrome · Windows')
        expect(first).toContain(text('security.current'))
        expect(await rows.first().getByRole('button').count()).toBe(0)
        const second = rows.nth(1)
        expect(await second.textContent()).toContain('Safari · iPhone')
        expect(await second.textContent()).toContain('2001:db8:4f1a:90:8d2c:11ff:fe03:7a61')
        const seen = second.locator('time')
        expect(await seen.textContent()).toBe('2 hours ago')
        expect(await seen.getAttribute('title')).toMatch(/\d{4}, \d{1,2}:\d{2}/)
        expect(await rows.nth(2).textContent()).toContain(text('security.device.unknown'))
      }),
    timeoutMs,
  )

  test(
    'one session ends, says so and is gone; the others stay',
    () =>
      visit(signedIn, async (world) => {
        await open(world)
        const { page, gateway } = world
        await page.getByRole('button', { name: /^Sign out\s*Safari/ }).click()
        await page.getByText(text('security.revoked')).waitFor()
        await page.getByRole('heading', { name: 'Safari · iPhone' }).waitFor({ state: 'detached' })
        expect(gateway.office.sessions.map(({ id }) => id)).toEqual(['session-1', 'session-3'])
        await focusOn(page, /has been ended/)
      }),
    timeoutMs,
  )

  test(
    'the others end after a question, which Escape leaves without doing anything',
    () =>
      visit(signedIn, async (world) => {
        await open(world)
        const { page, gateway } = world
        const others = page.getByRole('button', { name: text('security.others') })
        await others.click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByText(/2 other sessions end/).waitFor()
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        expect(gateway.office.sessions.length).toBe(3)
        await others.click()
        await dialog.getByRole('button', { name: text('security.others') }).click()
        await page.getByText('2 other sessions have been ended.').waitFor()
        await page.getByText(text('security.alone.body')).waitFor()
        expect(await others.count()).toBe(0)
      }),
    timeoutMs,
  )

  test(
    'signing out everywhere ends this session too, and says so with a way back in',
    () =>
      visit(signedIn, async (world) => {
        await open(world)
        const { page, context } = world
        await page.getByRole('button', { name: text('security.all') }).click()
        await context.clearCookies()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByRole('button', { name: text('security.all') }).click()
        const title = text('security.all.done.title')
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        expect(await page.title()).toBe(`${title} · Plexus`)
        const link = page.getByRole('main').getByRole('link', { name: text('account.signIn') })
        expect(await link.getAttribute('href')).toBe('/auth/login?returnTo=%2Fsecurity')
        await page
          .getByRole('banner')
          .getByRole('link', { name: text('account.signIn') })
          .waitFor()
      }),
    timeoutMs,
  )

  test(
    'what fails says why, and nothing is shown as ended',
    () =>
      visit(signedIn, async (world) => {
        await open(world)
        const { page, gateway } = world
        gateway.faults.set('RevokeSession', 'unavailable')
        await page.getByRole('button', { name: /^Sign out\s*Safari/ }).click()
        await page.getByText(text('failure.unavailable.title')).waitFor()
        await page.getByRole('heading', { name: 'Safari · iPhone' }).waitFor()
        gateway.faults.set('MySessions', 'unavailable')
        await page.reload()
        await page.getByText('req-7d2f90c1').waitFor()
        gateway.faults.clear()
        await page.getByRole('button', { name: text('failure.retry') }).click()
        await page.getByRole('heading', { name: 'Safari · iPhone' }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'without an account there is a way in; while it loads, that is said',
    async () => {
      await visit({ locale: 'en-GB' }, async ({ page }) => {
        await page.goto('/security')
        const title = text('security.signIn.title')
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
      })
      await visit(signedIn, async ({ page, gateway }) => {
        gateway.faults.set('MySessions', 'never')
        await page.goto('/security')
        const loading = page.locator('#sessions').getByRole('status')
        await loading.getByText(text('loading')).waitFor()
      })
    },
    timeoutMs,
  )

  test(
    'its texts follow a change of language, and are fetched with the page alone',
    () =>
      visit({ locale: 'fr-FR', signedIn: true }, async ({ page }) => {
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        await openSettled(page, '/')
        expect(asked.some((url) => url.includes('/security.'))).toBe(false)
        await page.goto('/security')
        await page.getByText(fr['security.sessions'] ?? '').waitFor()
        await page.getByRole('button', { name: /Langue et thème/i }).click()
        await page.getByRole('radio', { name: 'English' }).check()
        await page.getByText(text('security.sessions')).waitFor()
      }),
    timeoutMs,
  )

  for (const locale of ['fr-FR', 'en-GB'])
    test(`is accessible in ${locale}, with its question open as well`, async () => {
      await visit({ locale, signedIn: true }, async ({ page }) => {
        await openSettled(page, '/security')
        expect(await findings(page)).toEqual([])
        await page.setViewportSize({ width: 1_280, height: 900 })
        await page.locator('#sessions').getByRole('button').last().click()
        await page.getByRole('alertdialog').waitFor()
        expect(await findings(page)).toEqual([])
      })
    }, 60_000)
})
