import { expect, test } from 'bun:test'
import { minutes, until } from '../clock.ts'
import type { World } from '../world.ts'
import { metadataOf } from './sign-in.ts'

/** How a session begins without a page, follows the provider, and ends. */
export function sessionContract(world: () => World) {
  test('who is signed in at the provider gets a session without seeing a page', async () => {
    const { person, browser } = await world().signedIn()
    browser.forget('plexus')
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    const landed = await browser.login('silent=1&returnTo=%2Fwhere')
    expect(landed.url.pathname).toBe('/where')
    expect(await browser.ask()).toMatchObject({ credential: 'session', id: person.id })
  })

  test('who is not signed in at the provider is nobody after it, and sees no page either', async () => {
    const { provider, visitor } = world()
    const browser = visitor()
    const landed = await browser.login('silent=1&returnTo=%2Fwhere')
    expect(landed.url.origin).toBe(world().application.origin)
    expect(landed.url.pathname).toBe('/where')
    expect(landed.url.search).not.toContain('failed')
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
    // It kept nobody from signing in afterwards.
    const person = await provider.addPerson()
    await browser.signIn(person)
    expect(await browser.ask()).toMatchObject({ id: person.id })
  })

  test('a change of roles reaches the session at its next refresh', async () => {
    const { gateway, provider } = world()
    const { person, browser } = await world().signedIn({ roles: ['CLIENT'] })
    await provider.setRoles(person, ['CLIENT', 'SUPPORT'])
    expect((await browser.ask()).roles).toEqual(['CLIENT'])
    await gateway.travel(async (to) => {
      to(6 * minutes)
      expect(await browser.ask()).toMatchObject({ roles: ['CLIENT', 'SUPPORT'] })
      await provider.setRoles(person, ['CLIENT'])
      to(12 * minutes)
      expect((await browser.ask()).roles).toEqual(['CLIENT'])
    })
  })

  test('a disabled person is out at the next refresh, and does not come in again', async () => {
    const { gateway, provider } = world()
    const { person, browser } = await world().signedIn()
    await provider.disable(person)
    await gateway.travel(async (to) => {
      to(6 * minutes)
      expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
      expect(await browser.session()).toMatchObject({ authenticated: false })
    })
    await browser.login('silent=1&returnTo=/')
    await browser.signIn(person)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
  })

  test('signing out of Plexus ends the sign-in at the provider too', async () => {
    const { application } = world()
    const { browser } = await world().signedIn()
    const landed = await browser.logout()
    expect(landed.url.href).toBe(`${application.origin}/`)
    expect(await browser.ask()).toMatchObject({ credential: 'anonymous' })
    const again = await browser.login('returnTo=/')
    expect(browser.isAsked(again, 'password')).toBe(true)
  })

  test('signing out at the provider ends the session of Plexus within a second', async () => {
    const { browser } = await world().signedIn()
    const other = await world().signedIn()
    expect(await browser.ask()).toMatchObject({ credential: 'session' })
    const metadata = await metadataOf(world().provider.issuer)
    const page = await browser.visit(metadata.end_session_endpoint ?? '')
    await browser.submit(page, world().provider.fields.signOut)
    await until(async () => (await browser.ask()).credential === 'anonymous', 1_000)
    expect(await other.browser.ask()).toMatchObject({ credential: 'session' })
  })
}
