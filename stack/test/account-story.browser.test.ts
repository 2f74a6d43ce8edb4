import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { simpleParser } from 'mailparser'
import { HOTP, Secret } from 'otpauth'
import type { Page } from 'playwright-core'
import { browserMissing, withPage } from '../testing/browser.ts'
import { lettersIn } from '../testing/letters.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

const skipped = browserMissing(process.env.CI === 'true')
const clock = { offsetMs: 0 }
const person = { name: 'Alma Keller', email: 'alma@test.example', password: 'lune-calme-verte-9' }

let system: TestSystem

beforeAll(async () => {
  if (skipped) return
  const now = () => new Date(Date.now() + clock.offsetMs)
  system = await testSystem({ web: true, watch: false, now })
}, 60_000)
afterAll(() => system?.stop())

const english = () => ({ baseURL: system.origin, locale: 'en-GB', timeZone: 'Europe/Paris' })

/** The next code of the app: half a minute later, for each counts once. */
function codeOf(key: string): string {
  clock.offsetMs += 30_000
  const secret = Secret.fromBase32(key.replaceAll(' ', ''))
  const counter = Math.floor((Date.now() + clock.offsetMs) / 30_000)
  return HOTP.generate({ secret, algorithm: 'SHA1', digits: 6, counter })
}

/** The first link of that kind in a letter to the person. */
async function linkInLetter(kind: 'verify' | 'reset'): Promise<string> {
  let link = ''
  await until(async () => {
    for (const letter of await lettersIn(system.mailFolder)) {
      const mail = await simpleParser(letter)
      link ||= new RegExp(`https?://\\S+/${kind}#token=[\\w.-]+`).exec(mail.text ?? '')?.[0] ?? ''
    }
    return link !== ''
  })
  return link
}

async function signUp(page: Page): Promise<void> {
  await page.goto('/login')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('E-mail').fill(person.email)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('password1234')
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.getByText('many people use it, so it is tried first').waitFor()
  await password.fill(person.password)
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
}

async function confirmEmail(page: Page): Promise<void> {
  await page.goto(await linkInLetter('verify'))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'Your e-mail is confirmed' }).waitFor()
}

/** The provider's own page, up to where it asks for more or lets the person in. */
async function givePassword(page: Page, returnTo: string): Promise<void> {
  await page.goto(`/auth/login?returnTo=${returnTo}`)
  await page.locator('[name=email]').fill(person.email)
  await page.locator('[name=password]').fill(person.password)
  await page.locator('[name=password]').press('Enter')
}

async function signInWithCode(page: Page, key: string): Promise<void> {
  await givePassword(page, '/security')
  await page.locator('#code').fill(codeOf(key))
  await page.locator('#code').press('Enter')
  await page.getByRole('heading', { name: 'Security', level: 1 }).waitFor()
}

/** Sets the app up, keeps the recovery codes, and gives the app's key. */
async function enrol(page: Page): Promise<string> {
  await page.getByRole('link', { name: /No second step at sign-in yet/ }).click()
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const key = await page.getByLabel('Key to type', { exact: true }).inputValue()
  await page.getByLabel('Code from the app').fill(codeOf(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('10 codes left').waitFor()
  return key
}

const isSignedIn = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/auth/session')).json()).authenticated === true)

describe.skipIf(skipped !== null)('an account from its first day', () => {
  test('[MS-14] somebody signs up, sets up a second step, is asked for it, and ends every session', async () => {
    await withPage(english(), async (here) => {
      await signUp(here)
      await confirmEmail(here)
      await givePassword(here, '/dashboard')
      await here.getByRole('heading', { name: 'Hello, Alma Keller' }).waitFor()
      const key = await enrol(here)

      await here.getByRole('button', { name: /Account of/ }).click()
      await here.getByRole('button', { name: 'Sign out', exact: true }).click()
      await here.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
      await signInWithCode(here, key)

      // A quarter of an hour later the level is over, and the session goes on.
      clock.offsetMs += 16 * 60_000
      await here.reload()
      await here.getByRole('button', { name: 'Make new codes' }).click()
      const dialog = here.getByRole('alertdialog')
      await dialog.getByLabel('Code from your app').fill(codeOf(key))
      await dialog.getByRole('button', { name: 'Confirm' }).click()
      await here.getByRole('heading', { name: 'Your recovery codes' }).waitFor()

      await withPage(english(), async (there) => {
        await signInWithCode(there, key)
        await here.reload()
        const sessions = here.locator('#sessions').getByRole('article')
        await sessions.nth(1).waitFor()
        await sessions.filter({ hasNotText: 'This session' }).getByRole('button').first().click()
        await here.getByText('That session has been ended.').waitFor()
        await until(async () => !(await isSignedIn(there)), 1_000)

        await signInWithCode(there, key)
        await here.getByRole('button', { name: 'Sign out everywhere' }).click()
        await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
        await here.getByRole('heading', { name: 'You are signed out everywhere' }).waitFor()
        for (const page of [here, there]) await until(async () => !(await isSignedIn(page)), 1_000)
      })
      const stored = await here.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      )
      expect(stored).not.toMatch(/token|eyJ/i)
    })
  }, 120_000)
})
