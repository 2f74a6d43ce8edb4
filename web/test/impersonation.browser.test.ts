import { describe, expect, test } from 'bun:test'
import { skipped, texts, type Visit, visit } from './harness.ts'
import { mockCode } from './mock-account.ts'
import { nextFree } from './mock-state.ts'

const t = {
  ...(await texts('en')),
  ...(await texts('en', 'admin.')),
  ...(await texts('en', 'security.')),
  ...(await texts('en', 'step-up.')),
}
const text = (id: string): string => t[id] ?? id
const signedIn = { locale: 'en-GB', signedIn: true } as const
const timeoutMs = 30_000
const reason = 'Ticket 4711: the booking is gone'

async function openPerson({ page, gateway }: Visit) {
  gateway.roles = ['admin']
  Object.assign(gateway.account.security, { totpEnabled: true })
  await page.goto('/admin/people')
  await page.getByRole('button', { name: /^Manage\s*Camille Moreau/ }).click()
  const panel = page.getByRole('region', { name: 'Camille Moreau' })
  await panel.waitFor()
  return panel
}

describe.skipIf(skipped !== null)('somebody else’s eyes', () => {
  test(
    'an administrator gives a reason, confirms who they are, and sees who looks as whom until they end it',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        const panel = await openPerson(world)
        const look = panel.locator('form').last()
        await look.getByRole('button', { name: text('admin.person.look.start') }).click()
        // Without a reason the form does not leave.
        expect(gateway.admin.asked).toEqual([])
        await look.getByLabel(text('admin.person.reason')).fill(reason)
        await look.getByRole('button', { name: text('admin.person.look.start') }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByLabel(text('stepUp.code')).fill(mockCode)
        await dialog.getByRole('button', { name: text('stepUp.confirm') }).click()
        const banner = page.getByRole('region', { name: text('impersonation.label') })
        await banner.getByText('Hugo Blanc, you see Plexus as Léa Fontaine.').waitFor()
        await banner.getByText(text('impersonation.readOnly')).waitFor()
        expect(await banner.getByRole('timer').textContent()).toMatch(/^1[45]:\d\d left$/)
        expect(new URL(page.url()).pathname).toBe('/dashboard')
        const [asked] = gateway.admin.asked
        expect(asked).toMatchObject({ done: 'ImpersonationStarted', minutes: 15, readOnly: true })
        await banner.getByRole('button', { name: text('impersonation.end') }).click()
        await banner.waitFor({ state: 'detached' })
        expect(gateway.account.actor).toBeNull()
      }),
    timeoutMs,
  )

  test(
    'nothing is switched off in silence: what may only be looked at says so when it is tried',
    () =>
      visit(signedIn, async ({ page, gateway }) => {
        Object.assign(gateway.account, { actor: 'Hugo Blanc', readOnly: true })
        const [slot] = nextFree(gateway.state, 'coach-1-service-1').slice(40)
        gateway.state.bookings.push({
          ...{ id: 'booking-1', serviceId: 'coach-1-service-1', startMs: slot?.startMs ?? 0 },
          ...{ status: 'CONFIRMED', holdExpiresMs: null, version: 1 },
        })
        gateway.faults.set('CancelBooking', 'denied')
        await page.goto('/bookings')
        await page
          .getByRole('article')
          .getByRole('button', { name: /^Cancel/ })
          .click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByRole('button', { name: text('cancel.confirm') }).click()
        await page.getByText(text('failure.readOnly.title')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'what keeps the other person safe stays closed, with a way on; a delegation says until when',
    () =>
      visit(signedIn, async ({ page, gateway }) => {
        await page.goto('/security')
        await page.getByRole('button', { name: /^Act for them/ }).click()
        await page.getByRole('heading', { name: /Hello/ }).waitFor()
        Object.assign(gateway.account, { actor: 'Noah Berger', actsForDays: 30 })
        await page.goto('/security')
        await page.getByRole('heading', { name: 'This belongs to Léa Fontaine alone' }).waitFor()
        expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
        await page.getByText(/Until \w+ \d+ \w+\./).waitFor()
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('administering people', () => {
  test(
    'roles, access and sessions are changed with a reason, after one confirmation',
    () =>
      visit(signedIn, async (world) => {
        const { page, gateway } = world
        const panel = await openPerson(world)
        const roles = panel.locator('form').first()
        await roles.getByRole('checkbox', { name: 'Support' }).check({ force: true })
        await roles.getByLabel(text('admin.person.reason')).fill(reason)
        await roles.getByRole('button', { name: text('admin.person.roles.set') }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByLabel(text('stepUp.code')).fill(mockCode)
        await dialog.getByRole('button', { name: text('stepUp.confirm') }).click()
        await panel.getByText(text('admin.person.roles.done')).waitFor()
        const access = panel.locator('form').nth(1)
        await access.getByLabel(text('admin.person.reason')).fill(reason)
        await access.getByRole('button', { name: text('admin.person.end') }).click()
        await panel.getByText('2 sessions have been ended.').waitFor()
        await access.getByRole('button', { name: text('admin.person.disable') }).click()
        await panel.getByText(text('admin.person.disabled')).waitFor()
        await access.getByRole('button', { name: text('admin.person.enable') }).waitFor()
        expect(gateway.admin.asked.map(({ done }) => done)).toEqual([
          'roles',
          'SessionsRevoked',
          'disabled',
        ])
        expect(gateway.admin.asked[0]).toMatchObject({ roles: ['COACH', 'SUPPORT'], reason })
      }),
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('API keys and the audit', () => {
  test(
    'a key is shown once, is renewed with an overlap, and ends after a question',
    () =>
      visit(signedIn, async ({ page, gateway }) => {
        gateway.roles = ['admin']
        gateway.account.acr = '2'
        await page.goto('/admin/keys')
        await page.getByRole('button', { name: text('admin.key.add') }).click()
        await page.getByLabel(text('admin.client.name'), { exact: true }).fill('Musée')
        await page.getByRole('button', { name: text('admin.key.create') }).click()
        const secret = page.getByLabel(text('admin.secret.secret'), { exact: true })
        expect(await secret.inputValue()).toBe('plx_secret-of-Musée')
        await page.getByRole('button', { name: text('admin.secret.kept') }).click()
        await secret.waitFor({ state: 'detached' })
        const row = page.getByRole('row', { name: /Musée/ })
        await row.getByRole('button', { name: /^Renew/ }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByLabel(text('admin.key.overlap')).selectOption('72')
        await dialog.getByRole('button', { name: text('admin.key.rotate.confirm') }).click()
        await secret.waitFor()
        await row.getByText(/The one before until/).waitFor()
        await row.getByRole('button', { name: /^End/ }).click()
        await dialog.getByRole('button', { name: text('admin.key.revoke') }).click()
        await row.getByText(text('admin.key.ended'), { exact: true }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'the audit is filtered by what was done, in the address',
    () =>
      visit(signedIn, async ({ page, gateway }) => {
        gateway.roles = ['admin']
        await page.goto('/admin/audit')
        await page.getByText('as Camille Moreau').waitFor()
        await page.getByLabel(text('admin.audit.action')).fill('auth.roles')
        await page.getByRole('button', { name: text('admin.audit.find') }).click()
        await page.getByText('as Camille Moreau').waitFor({ state: 'detached' })
        // Between the two tables there is none.
        await page.getByRole('row').nth(1).waitFor()
        expect(await page.getByRole('row').count()).toBe(2)
        expect(new URL(page.url()).search).toBe('?action=auth.roles')
      }),
    timeoutMs,
  )
})
