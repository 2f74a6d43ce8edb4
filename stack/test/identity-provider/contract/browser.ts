import { expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { withPage } from '../../../testing/browser.ts'
import type { Authenticator, PageFields, TestPerson } from '../parties.ts'
import type { World } from '../world.ts'

/** What only a real browser proves: its cookies, its redirects, and the pages' own policies. */
export function browserContract(world: () => World) {
  test('a person signs in, steps up and signs out, in Chromium', async () => {
    const { application, provider } = world()
    const { person, authenticator } = await world().signedInBelow()
    await withPage({ baseURL: application.origin, locale: 'en-GB' }, async (page, context) => {
      await page.goto('/auth/login?returnTo=/there')
      await fillIn(page, provider.fields, { person, authenticator })
      await page.waitForURL(`${application.origin}/there`)
      expect(await sessionIn(page)).toMatchObject({ authenticated: true, acr: '2' })
      const cookies = await context.cookies(application.origin)
      expect(cookies.find(({ name }) => name === 'plexus')).toMatchObject({
        ...{ httpOnly: true, sameSite: 'Lax', path: '/' },
      })
      expect(await page.evaluate('document.cookie')).not.toContain('plexus')

      await page.goto('/auth/login?silent=1&returnTo=/silent')
      await page.waitForURL(`${application.origin}/silent`)

      await page.request.post('/auth/logout', { headers: ownPage(application.origin) })
      await page.goto('/auth/goodbye')
      await page.waitForURL(`${application.origin}/`)
      expect(await sessionIn(page)).toMatchObject({ authenticated: false })
      await page.goto('/auth/login?returnTo=/')
      await page.locator(named(provider.fields.password)).waitFor()
    })
  })
}

const named = (field: string) => `input[name="${field}"]`

/** Password first; the code where it is asked for. */
async function fillIn(
  page: Page,
  fields: PageFields,
  { person, authenticator }: { person: TestPerson; authenticator: Authenticator },
) {
  await page.locator(named(fields.login)).fill(person.login)
  await page.locator(named(fields.password)).fill(person.password)
  await page.keyboard.press('Enter')
  await page.locator(named(fields.code)).fill(authenticator.code())
  await page.keyboard.press('Enter')
}

const sessionIn = async (page: Page) => (await page.request.get('/auth/session')).json()

const ownPage = (origin: string) => ({
  ...{ 'x-plexus-csrf': '1', 'sec-fetch-site': 'same-origin', origin },
})
