import { expect, test } from 'bun:test'
import { minutes } from '../clock.ts'
import type { World } from '../world.ts'
import { newChecks } from './sign-in.ts'

/** How strong a sign-in is, and who decides that it is. */
export function levelContract(world: () => World) {
  test('a step-up asks for a code, and then the session has level 2', async () => {
    const { provider } = world()
    const { person, browser, authenticator } = await world().signedInBelow()
    expect((await browser.ask()).acr).toBe('1')
    const page = await browser.login('acr=2&returnTo=%2Fsensitive')
    expect(browser.isAsked(page, 'code')).toBe(true)
    expect(browser.isAsked(page, 'password')).toBe(false)
    const wrong = await browser.submit(page, { [provider.fields.code]: '000000' })
    expect(browser.isAsked(wrong, 'code')).toBe(true)
    expect((await browser.ask()).acr).toBe('1')
    const landed = await browser.fillIn(wrong, { person, authenticator })
    expect(landed.url.pathname).toBe('/sensitive')
    expect(await browser.ask()).toMatchObject({ id: person.id, acr: '2' })
  })

  test('a level lasts its time, and then the session goes on below it', async () => {
    const { gateway } = world()
    const { person, browser, authenticator } = await world().signedInBelow()
    await browser.fillIn(await browser.login('acr=2&returnTo=/'), { person, authenticator })
    expect((await browser.ask()).acr).toBe('2')
    await gateway.travel(async (to) => {
      to(16 * minutes)
      expect(await browser.ask()).toMatchObject({ id: person.id, acr: '1' })
    })
  })

  test('without a second factor there is no level 2, and the person is told', async () => {
    const { browser, person } = await world().signedIn()
    const { issuer, fields } = world().provider
    const page = await browser.fillIn(await browser.login('acr=2&returnTo=/'), { person })
    // A provider may explain it on a page of its own first.
    const isAtProvider = page.url.href.startsWith(issuer)
    const landed = isAtProvider ? await browser.submit(page, fields.decline) : page
    expect(landed.url.search).toContain('reason=level-not-met')
    expect(await browser.ask()).toMatchObject({ id: person.id, acr: '1' })
  })

  test('a wish for level 2 that somebody took out on its way does not give level 2', async () => {
    const { front } = world()
    const { person, browser, authenticator } = await world().signedInBelow()
    const asks = front.rewriting((_, form) => form.set('acr_values', '1'))
    try {
      const page = await browser.login('acr=2&returnTo=/')
      const landed = await browser.fillIn(page, { person, authenticator })
      expect(browser.isAsked(landed, 'code')).toBe(false)
      expect(landed.url.search).toContain('reason=level-not-met')
    } finally {
      asks()
    }
    expect((await browser.ask()).acr).toBe('1')
  })

  test('the level counts that stands in the ID token, not the one that was asked for', async () => {
    const { relyingParty, application, visitor, provider } = world()
    const person = await provider.addPerson()
    const stopAt = `${application.origin}/auth/callback`
    const answered = async (checks: ReturnType<typeof newChecks>) => {
      const browser = visitor()
      const url = await relyingParty.authorizationUrl({ ...checks, locale: null })
      return (await browser.fillIn(await browser.visit(url, { stopAt }), { person, stopAt })).url
    }
    const one = newChecks()
    expect(await relyingParty.signIn(await answered(one), one)).toMatchObject({ acr: '1' })
    const two = newChecks()
    const refused = relyingParty.signIn(await answered(two), { ...two, acrValues: '2' })
    await expect(refused).rejects.toMatchObject({ reason: 'level-not-met' })
  })
}
