import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { formAction, newBrowser } from './browser.ts'
import {
  addAccount,
  invalidGrant,
  newWorld,
  openSignIn,
  refresh,
  signedIn,
  type World,
} from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world.stop())

describe('signing out', () => {
  const endSession = (parameters: Record<string, string>) =>
    `${world.issuer}/session/end?${new URLSearchParams(parameters)}`
  const hidden = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    )

  test('with the ID token ends the session at once and goes back to the application', async () => {
    const { email } = await addAccount(world.sql)
    const { browser, tokens } = await signedIn(world, email, { browser: newBrowser('en') })
    const url = endSession({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'http://localhost:3999/',
      ui_locales: 'en',
    })
    const asked = await browser.get(url)
    const page = await asked.text()
    expect(page).toContain('Signing you out')
    expect(page).toContain('<script>')
    expect(asked.headers.get('content-security-policy')).toContain("script-src 'sha256-")
    const answer = await browser.submit(formAction(page, url), hidden(page))
    expect(answer.headers.get('location')).toBe('http://localhost:3999/')
    expect(await refresh(world, tokens.refresh_token)).toMatchObject(invalidGrant)
    expect((await openSignIn(world, { browser })).page).toContain('<form')
  })

  test('without it asks first, and “stay” keeps the session', async () => {
    const { email } = await addAccount(world.sql)
    const { browser } = await signedIn(world, email)
    const url = endSession({})
    const page = await (await browser.get(url)).text()
    expect(page).toContain('Se déconnecter de Plexus')
    expect(page).not.toContain('<script')
    await browser.submit(formAction(page, url), { xsrf: hidden(page).xsrf ?? '' })
    expect(new URL((await openSignIn(world, { browser })).url).searchParams.has('code')).toBe(true)
    const again = await (await browser.get(url)).text()
    const fields = { xsrf: hidden(again).xsrf ?? '', logout: 'yes' }
    const landed = await browser.follow(url, await browser.submit(formAction(again, url), fields))
    expect(await landed.response.text()).toContain('Vous êtes déconnecté')
    expect((await openSignIn(world, { browser })).page).toContain('<form')
  })

  test('with the ID token of somebody else asks too', async () => {
    const [ada, eve] = [await addAccount(world.sql), await addAccount(world.sql)]
    const { tokens } = await signedIn(world, eve.email)
    const { browser } = await signedIn(world, ada.email)
    const page = await (await browser.get(endSession({ id_token_hint: tokens.id_token }))).text()
    expect(page).toContain('Se déconnecter de Plexus')
    expect(page).not.toContain('<script')
  })
})
