import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Secret } from 'otpauth'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../../testing/browser.ts'
import { keycloakMissing } from '../../testing/keycloak.ts'
import { type TestRealm, testRealm } from '../../testing/keycloak-realm.ts'
import { type TestSystem, testSystem, until } from '../../testing/system.ts'
import { authenticatorOf } from './authenticator.ts'
import type { Authenticator } from './parties.ts'

const ci = process.env.CI === 'true'
const missing = browserMissing(ci) ?? keycloakMissing(ci)

let realm: TestRealm
let system: TestSystem

beforeAll(async () => {
  if (missing) return
  system = await testSystem({
    web: true,
    keycloak: async (origin) => {
      realm = await testRealm({ origin })
      const { name, web, accounts } = realm
      return {
        ...{ origin: realm.origin, realm: name },
        ...{ webSecret: web.secret, accountsSecret: accounts.secret },
      }
    },
  })
}, 120_000)
afterAll(async () => {
  await system?.stop()
  await realm?.drop()
})

const english = () => ({ baseURL: system.origin, locale: 'en-GB' })

type Credentials = { readonly email: string; readonly password: string }

/** On Keycloak's own page; the code where an app is given. */
async function signIn(page: Page, { email, password }: Credentials, app?: Authenticator) {
  await page.goto('/auth/login?returnTo=/security')
  await page.locator('input[name="username"]').fill(email)
  await page.locator('input[name="password"]').fill(password)
  await page.keyboard.press('Enter')
  if (app) await giveCode(page, app)
  await page.getByRole('heading', { name: 'Security', exact: true }).waitFor()
}

async function giveCode(page: Page, app: Authenticator) {
  await page.locator('input[name="otp"]').fill(app.code())
  await page.keyboard.press('Enter')
}

/** From our page to Keycloak's and back. */
async function setUpApp(page: Page): Promise<Authenticator> {
  await page.getByRole('link', { name: 'Set up the app' }).click()
  const secret = await page.locator('input[name="totpSecret"]').getAttribute('value')
  const app = authenticatorOf(Secret.fromUTF8(secret ?? '').base32)
  await page.locator('input[name="totp"]').fill(app.code())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Security', exact: true }).waitFor()
  return app
}

const sessionIn = async (page: Page) => (await page.request.get('/auth/session')).json()

/** What takes a second factor, asked of a session that has none yet. */
async function letAct(page: Page, email: string) {
  await page.getByRole('button', { name: 'Let somebody act for me' }).click()
  await page.getByLabel('Their e-mail').fill(email)
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  await page.getByLabel('Until').fill(until)
  await page.getByLabel('See bookings').check()
  await page.getByRole('button', { name: 'Give these rights' }).click()
}

describe.skipIf(missing !== null)(missing ?? 'a person whose account is kept by Keycloak', () => {
  test('signs in with a code, is stepped up, ends one session, and is signed out everywhere', async () => {
    const [person, friend] = [await realm.addPerson(), await realm.addPerson()]
    await withPage(english(), (page) => signIn(page, friend))
    await withPage(english(), async (page) => {
      await signIn(page, person)
      const app = await setUpApp(page)
      expect(await sessionIn(page)).toMatchObject({ authenticated: true, acr: '1' })

      await letAct(page, friend.email)
      await page.getByRole('link', { name: 'Confirm there' }).click()
      await giveCode(page, app)
      await page.getByText('It is done.').waitFor()
      expect(await sessionIn(page)).toMatchObject({ authenticated: true, acr: '2' })

      await withPage(english(), async (elsewhere) => {
        await signIn(elsewhere, person, app)
        expect(await sessionIn(elsewhere)).toMatchObject({ authenticated: true, acr: '2' })
        await page.reload()
        const rows = page.getByRole('region', { name: 'Your sessions' }).getByRole('listitem')
        await rows.nth(1).waitFor()
        expect(await rows.count()).toBe(2)
        await rows
          .filter({ hasNotText: 'This session' })
          .getByRole('button', { name: 'Sign out' })
          .click()
        await page.getByText('That session has been ended.').waitFor()
        expect(await sessionIn(elsewhere)).toMatchObject({ authenticated: false })
        expect(await sessionIn(page)).toMatchObject({ authenticated: true })
      })

      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      const dialog = page.getByRole('alertdialog')
      await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
      await page.getByRole('heading', { name: 'You are signed out everywhere' }).waitFor()
      expect(await sessionIn(page)).toMatchObject({ authenticated: false })
      // At Keycloak too: it wants the password again.
      await until(async () => (await realm.signInsOf(person.id)).length === 0, 20_000, 1_000)
      // A code of the moment before is worth nothing any more: then the next try shows the page.
      await until(async () => {
        await page.goto('/auth/login?returnTo=/security')
        const password = page.locator('input[name="password"]')
        return password.waitFor({ timeout: 4_000 }).then(
          () => true,
          () => false,
        )
      })
    })
  }, 120_000)
})
