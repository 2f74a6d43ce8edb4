import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { openSettled } from '../../stack/testing/settled.ts'
import { findings } from './axe.ts'
import { administer, skipped, texts, type Visit, visit } from './harness.ts'

const t = { ...(await texts('en')), ...(await texts('en', 'admin.')) }
const text = (id: string): string => t[id] ?? id
const told = (id: string, name: string): string => text(id).replace('{name}', name)
const timeoutMs = 30_000

async function addPerson(page: Page, name: string, password = 'quiet river seven') {
  await page.goto('/admin/people')
  await page.getByText('4 people').waitFor()
  await page.getByRole('button', { name: text('admin.people.add') }).click()
  await page.getByLabel(text('admin.person.name')).fill(name)
  await page.getByLabel(text('admin.person.email')).fill('ada@example.org')
  await page.getByLabel(text('admin.person.password')).fill(password)
  await page.getByRole('button', { name: text('admin.person.create') }).click()
}

describe.skipIf(skipped !== null)('administration', () => {
  test(
    'the way in is shown to administrators only, and leads on from cards',
    () =>
      administer(async ({ page }) => {
        await page.goto('/')
        await page.getByRole('button', { name: /Account of/ }).click()
        await page.getByRole('link', { name: text('nav.admin') }).click()
        await page.getByRole('heading', { level: 1, name: text('admin.title') }).waitFor()
        const cards = page.getByRole('main').getByRole('link')
        expect(await cards.allTextContents()).toEqual(
          [
            ...['people', 'clients', 'keys', 'operations', 'usage'],
            ...['audit', 'payments', 'webhooks', 'explorer'],
          ].map((part) => text(`admin.${part}`)),
        )
        expect(await cards.last().getAttribute('href')).toBe('/graphiql')
        await cards.first().click()
        await page.getByText('maximilientheodoredelarochefoucauld@example.org').waitFor()
      }),
    timeoutMs,
  )

  test(
    'somebody who is no administrator sees neither the way nor the content, and why',
    () =>
      visit({ locale: 'en-GB', signedIn: true }, async ({ page }) => {
        const asked: string[] = []
        page.on('request', (request) => {
          if (request.url().endsWith('/graphql')) asked.push(request.url())
        })
        for (const path of ['/admin', '/admin/payments']) {
          await openSettled(page, path)
          const title = text('admin.denied.title')
          await page.getByRole('heading', { level: 1, name: title }).waitFor()
          await page.getByText(/signed in as Léa Fontaine/).waitFor()
        }
        expect(asked).toEqual([])
        await page.getByRole('button', { name: /Account of/ }).click()
        await page.getByRole('link', { name: text('nav.security') }).waitFor()
        expect(await page.getByRole('link', { name: text('nav.admin') }).count()).toBe(0)
      }),
    timeoutMs,
  )

  test(
    'people are found by name, and the search lives in the address',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/people')
        await page.getByText('4 people').waitFor()
        await page.getByLabel(text('admin.people.search')).fill('berger')
        await page.getByText('1 person').waitFor()
        expect(new URL(page.url()).searchParams.get('search')).toBe('berger')
        await page.getByLabel(text('admin.people.search')).fill('nobody at all')
        await page.getByText(text('admin.people.none')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'an account is created once, however often it is asked for; a refusal stands at its field',
    () =>
      administer(async ({ page, gateway }) => {
        await addPerson(page, 'Ada Moreau', 'password password')
        const create = page.getByRole('button', { name: text('admin.person.create') })
        const password = page.getByLabel(text('admin.person.password'))
        await page.getByText(text('admin.person.password.refused')).waitFor()
        expect(await password.getAttribute('aria-invalid')).toBe('true')
        await password.fill('quiet river seven')
        await page.getByRole('checkbox', { name: text('role.COACH') }).check()
        await create.click()
        await page.getByText(/The account of Ada Moreau is there/).waitFor()
        await page.getByText('5 people').waitFor()
        expect(gateway.office.users.at(-1)?.roles).toEqual(['CLIENT', 'COACH'])
        await page.getByLabel(text('admin.person.name')).fill('Ada Again')
        await page.getByLabel(text('admin.person.email')).fill('ada@example.org')
        await password.fill('quiet river seven')
        await create.click()
        await page.getByText(text('admin.person.taken')).waitFor()
        expect(gateway.office.users.length).toBe(5)
      }),
    timeoutMs,
  )

  test(
    'who is said to be there is in the list, also when it hears of them late',
    () =>
      administer(async ({ page, gateway }) => {
        gateway.office.looksBefore = 3
        await addPerson(page, 'Ada Moreau')
        await page.getByText(told('admin.person.added', 'Ada Moreau'), { exact: true }).waitFor()
        await page.getByRole('row', { name: /Ada Moreau/ }).waitFor()
      }),
    timeoutMs,
  )

  test(
    'what is typed while the list hears of somebody is kept, and that it has not heard is said',
    () =>
      administer(async ({ page, gateway }) => {
        gateway.office.looksBefore = 1_000
        await addPerson(page, 'Ada Moreau')
        const name = page.getByLabel(text('admin.person.name'))
        await page.waitForFunction(
          (input) => input instanceof HTMLInputElement && input.value === '',
          await name.elementHandle(),
        )
        await name.fill('Blaise Petit')
        await page.getByText(told('admin.person.addedSoon', 'Ada Moreau')).waitFor()
        expect(await name.inputValue()).toBe('Blaise Petit')
      }),
    timeoutMs,
  )

  test(
    'the secret of a new client is shown once, can be copied, and is gone after that',
    () =>
      administer(async ({ page, context }) => {
        await context.grantPermissions(['clipboard-read', 'clipboard-write'])
        await page.goto('/admin/clients')
        await page.getByRole('button', { name: text('admin.client.add') }).click()
        await page.getByLabel(text('admin.client.name')).fill('Le Monde')
        await page.getByRole('button', { name: text('admin.client.register') }).click()
        const secret = page.getByLabel(text('admin.secret.secret'), { exact: true })
        expect(await secret.inputValue()).toBe('secret-of-Le Monde')
        await page.getByRole('button', { name: /^Copy\s*Secret/ }).click()
        await page.getByRole('status').getByText(text('copy.done')).waitFor()
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('secret-of-Le Monde')
        await page.getByRole('row', { name: /Le Monde/ }).waitFor()
        await page.getByRole('button', { name: text('admin.secret.kept') }).click()
        await secret.waitFor({ state: 'detached' })
        const stored = await page.evaluate(() =>
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.body.innerHTML]),
        )
        expect(stored).not.toContain('secret-of')
      }),
    timeoutMs,
  )

  test(
    'a client gets a new secret or ends, each after a question',
    () =>
      administer(async ({ page, gateway }) => {
        await page.goto('/admin/clients')
        const dialog = page.getByRole('alertdialog')
        await page.getByRole('button', { name: /^New secret/ }).click()
        await dialog.getByText(/cannot sign in until it has the new one/).waitFor()
        await dialog.getByRole('button', { name: text('admin.client.rotate.confirm') }).click()
        const secret = page.getByLabel(text('admin.secret.secret'), { exact: true })
        expect(await secret.inputValue()).toBe('another-secret')
        await page.getByRole('button', { name: text('admin.secret.kept') }).click()
        await page.getByRole('button', { name: /^Disable/ }).click()
        await dialog.getByRole('button', { name: text('admin.client.disable') }).click()
        await page.getByText('Médiathèque de Lyon is disabled.').waitFor()
        expect(await page.getByRole('button', { name: /^Disable/ }).count()).toBe(0)
        expect(gateway.office.apiClients[0]?.disabledAt).toBeString()
      }),
    timeoutMs,
  )

  test(
    'a payment is refunded in part, never by more than is left',
    () =>
      administer(async ({ page, gateway }) => {
        await page.goto('/admin/payments')
        const row = page.getByRole('row', { name: /120\.50/ })
        await row.getByRole('button', { name: /^Refund/ }).click()
        const dialog = page.getByRole('alertdialog')
        const amount = dialog.getByLabel(/^Amount/)
        expect(await amount.inputValue()).toBe('100.50')
        await dialog.getByLabel(text('admin.refund.reason')).fill('Session cut short')
        const confirm = dialog.getByRole('button', { name: text('admin.refund.confirm') })
        for (const wrong of ['0', '100.51', 'all of it']) {
          await amount.fill(wrong)
          await confirm.click()
          await dialog.locator('[aria-invalid=true]').waitFor()
        }
        const paid = gateway.office.payments[1]
        expect(paid?.refunded).toMatchObject({ amount: 2_000 })
        await amount.fill('40,50')
        await confirm.click()
        await page.getByText('The refund of €40.50 is on its way.').waitFor()
        await page.getByText('€60.50 given back').waitFor()
        expect(paid?.refunded).toMatchObject({ amount: 6_050 })
      }),
    timeoutMs,
  )

  test(
    'payments are filtered by status, in the address',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/payments')
        await page.getByLabel(text('admin.status')).selectOption('FAILED')
        await page.getByText('card_declined').waitFor()
        await page.getByRole('row', { name: /120\.50/ }).waitFor({ state: 'detached' })
        expect(new URL(page.url()).searchParams.get('status')).toBe('FAILED')
        await page.goto('/admin/payments?status=REFUNDED')
        await page.getByText(text('admin.payments.noneSuch')).waitFor()
      }),
    timeoutMs,
  )

  test(
    'a delivery that failed is replayed, and its row says so',
    () =>
      administer(async ({ page }) => {
        await page.goto('/admin/webhooks')
        const row = page.getByRole('row', { name: /charge\.refunded/ })
        await row.getByText('The provider did not answer within 5 s.').waitFor()
        await row.getByRole('button', { name: /^Replay/ }).click()
        await page.getByText('charge.refunded was worked through again.').waitFor()
        await row.getByText('4 attempts').waitFor()
        expect(await row.textContent()).toContain(text('deliveryStatus.PROCESSED'))
      }),
    timeoutMs,
  )

  test(
    'each list has its empty and its failed state',
    () =>
      administer(async ({ page, gateway }) => {
        Object.assign(gateway.office, { apiClients: [], payments: [], deliveries: [] })
        Object.assign(gateway.admin, { apiKeys: [], events: [] })
        const lists = [
          ['clients', 'ApiClients', 'admin.clients.none'],
          ['keys', 'ApiKeys', 'admin.keys.none'],
          ['audit', 'AuditEvents', 'admin.audit.none'],
          ['payments', 'Payments', 'admin.payments.none'],
          ['webhooks', 'Deliveries', 'admin.webhooks.none'],
        ] as const
        for (const [part, operation, none] of lists) {
          gateway.faults.set(operation, 'unavailable')
          await page.goto(`/admin/${part}`)
          await page.getByText(text('failure.unavailable.title')).waitFor()
          gateway.faults.clear()
          await page.getByRole('button', { name: text('failure.retry') }).click()
          await page.getByText(text(none), { exact: true }).waitFor()
        }
        await page.goto('/admin/nothing')
        await page.getByRole('heading', { level: 1, name: text('notFound.title') }).waitFor()
      }),
    timeoutMs,
  )
})

type Prepared = { path: string; open?: (visit: Visit) => Promise<void>; roles?: string[] }

const press =
  (name: RegExp, then: string) =>
  async ({ page }: Visit) => {
    await page.getByRole('main').getByRole('button', { name }).first().click()
    await page.locator(then).first().waitFor()
  }

const pages: readonly Prepared[] = [
  { path: '/admin' },
  { path: '/admin', roles: ['client'] },
  { path: '/admin/people', open: press(/Add|Ajouter/, 'form') },
  { path: '/admin/clients', open: press(/Register|Enregistrer/, 'form') },
  { path: '/admin/clients', open: press(/New secret|Nouveau secret/, '[role=alertdialog]') },
  { path: '/admin/people', open: press(/Manage|Gérer/, 'section form') },
  { path: '/admin/keys', open: press(/Make a key|Créer une clé/, 'form') },
  { path: '/admin/keys', open: press(/Renew|Renouveler/, '[role=alertdialog]') },
  { path: '/admin/audit' },
  { path: '/admin/payments' },
  { path: '/admin/payments', open: press(/Refund|Rembourser/, '[role=alertdialog] form') },
  { path: '/admin/webhooks' },
]

describe.skipIf(skipped !== null)('every page of it, light and dark, phone and desk', () => {
  for (const locale of ['fr-FR', 'en-GB'])
    for (const [place, { path, open, roles = ['admin'] }] of pages.entries())
      test(`${path} (${place}) is accessible in ${locale}`, async () => {
        await administer(
          async (world) => {
            world.gateway.roles = roles
            await openSettled(world.page, path)
            await open?.(world)
            expect(await findings(world.page)).toEqual([])
          },
          { locale },
        )
      }, 60_000)
})
