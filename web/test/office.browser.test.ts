import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../../stack/testing/browser.ts'
import { type TestSystem, testPassword, testSystem, until } from '../../stack/testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')
const timeoutMs = 60_000

let system: TestSystem

beforeAll(async () => {
  if (!skipped) system = await testSystem({ web: true, watch: false })
}, timeoutMs)
afterAll(() => system?.stop())

const english = () => ({ baseURL: system.origin, locale: 'en-GB', timeZone: 'Europe/Paris' })

type Account = { email: string; returnTo: string }

async function signIn(page: Page, { email, returnTo }: Account, password = testPassword) {
  await page.goto(`/auth/login?returnTo=${returnTo}`)
  await page.getByLabel('E-mail').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(`**${returnTo}`)
}

/** Whether the gateway still knows the page's session; asked by the page itself. */
const isSignedIn = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/auth/session')).json()).authenticated === true)

describe.skipIf(skipped !== null)('security, on the whole system', () => {
  test(
    '[MP-63] a session that is ended elsewhere is over within a second; then all of them are',
    async () => {
      const { email } = await system.account('Alice Bernard', ['CLIENT'])
      const account = { email, returnTo: '/security' }
      await withPage(english(), async (here) => {
        await withPage(english(), async (there) => {
          await signIn(there, account)
          await signIn(here, account)
          const rows = here.getByRole('main').getByRole('article')
          await rows.nth(1).waitFor()
          expect(await rows.first().textContent()).toContain('This session')
          expect(await rows.first().textContent()).toMatch(/Chrome.*(127\.0\.0\.0\/24|::\/48)/)
          await here.getByRole('button', { name: /^Sign out\s*Chrome/ }).click()
          await here.getByText('That session has been ended.').waitFor()
          await until(async () => !(await isSignedIn(there)), 1_000)
          expect(await isSignedIn(here)).toBe(true)

          await here.getByRole('button', { name: 'Sign out everywhere' }).click()
          const dialog = here.getByRole('alertdialog')
          await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
          await here.getByRole('heading', { name: 'You are signed out everywhere' }).waitFor()
          await until(async () => !(await isSignedIn(here)), 1_000)
        })
      })
    },
    timeoutMs,
  )
})

describe.skipIf(skipped !== null)('administration, on the whole system', () => {
  test(
    'an administrator creates an account with a role, finds it, and its owner signs in with it',
    async () => {
      const { email } = await system.account('Claire Petit', ['ADMIN'])
      const made = {
        name: 'Inès Carvalho',
        email: 'ines@test.example',
        password: 'sentier-bleu-42x',
      }
      await withPage(english(), async (page) => {
        await signIn(page, { email, returnTo: '/admin' })
        await page.getByRole('link', { name: 'People' }).click()
        await page.getByRole('button', { name: 'Add a person' }).click()
        const main = page.getByRole('main')
        await main.getByLabel('Name', { exact: true }).fill(made.name)
        await main.getByLabel('E-mail').fill(made.email)
        await main.getByLabel('First password').fill(made.password)
        await main.getByRole('checkbox', { name: 'Coach' }).check()
        await main.getByRole('button', { name: 'Create the account' }).click()
        await page.getByText(/The account of Inès Carvalho is there/).waitFor()
        await main.getByLabel('Search').fill('ines')
        const row = page.getByRole('row', { name: /Inès Carvalho/ })
        await row.waitFor()
        expect(await row.textContent()).toContain('Coach')
      })
      await withPage(english(), async (page) => {
        await signIn(page, { email: made.email, returnTo: '/admin' }, made.password)
        await page.getByRole('heading', { name: 'This area is not for you' }).waitFor()
      })
    },
    timeoutMs,
  )

  test(
    'registers a client, gives it a new secret, disables it, and sees payments and deliveries',
    async () => {
      const { email } = await system.account('Hugo Blanc', ['ADMIN'])
      await withPage(english(), async (page) => {
        await signIn(page, { email, returnTo: '/admin/clients' })
        await page.getByText('No client yet').waitFor()
        await page.getByRole('button', { name: 'Register a client' }).click()
        await page.getByLabel('Name', { exact: true }).fill('Médiathèque')
        await page.getByRole('button', { name: 'Register', exact: true }).click()
        const secret = page.getByLabel('Secret', { exact: true })
        await secret.waitFor()
        const first = await secret.inputValue()
        expect(first.length).toBeGreaterThan(30)
        await page.getByRole('button', { name: 'I have kept it' }).click()
        const row = page.getByRole('row', { name: /Médiathèque/ })
        await row.getByText('Never used').waitFor()
        await row.getByRole('button', { name: /^New secret/ }).click()
        const dialog = page.getByRole('alertdialog')
        await dialog.getByRole('button', { name: 'Make a new secret' }).click()
        await secret.waitFor()
        expect(await secret.inputValue()).not.toBe(first)
        await row.getByRole('button', { name: /^Disable/ }).click()
        await dialog.getByRole('button', { name: 'Disable' }).click()
        await row.getByText('Disabled').waitFor()

        await page.goto('/admin/payments')
        await page.getByText('No payments').waitFor()
        await page.goto('/admin/webhooks')
        await page.getByText('Nothing arrived yet').waitFor()
      })
    },
    timeoutMs,
  )
})
