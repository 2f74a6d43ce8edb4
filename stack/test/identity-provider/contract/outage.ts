import { expect, test } from 'bun:test'
import { hours, minutes, seconds } from '../clock.ts'
import type { World } from '../world.ts'
import { tokensOf, withKey } from './tokens.ts'

/** What holds while nobody can reach the provider. The gateway's clock only goes forward here. */
export function outageContract(world: () => World) {
  test('while it is down who is signed in stays so, nothing opens, and it comes back by itself', async () => {
    const { front, gateway, provider, visitor } = world()
    const { person, browser } = await world().signedIn({ roles: ['CLIENT'] })
    const { tokens } = await tokensOf(world())
    expect((await gateway.asProgram(tokens.accessToken)).status).toBe(200)
    const nothingOpens = async () => {
      const landed = await visitor().login('returnTo=/')
      expect(landed.url.search).toContain('reason=unavailable')
      expect((await gateway.asProgram(tokens.accessToken)).status).toBe(401)
      expect((await gateway.asProgram(withKey(tokens.accessToken, 'unknown'))).status).not.toBe(200)
    }
    const staysIn = async () => {
      expect(await browser.ask()).toMatchObject({ credential: 'session', id: person.id })
    }
    await gateway.travel(async (to) => {
      try {
        await front.close()
        to(6 * minutes)
        await staysIn()
        await nothingOpens()

        await provider.setRoles(person, ['COACH'])
        front.reopen()
        to(6 * minutes + 11 * seconds)
        expect((await browser.ask()).roles).toEqual(['COACH'])

        await front.close()
        for (const offset of [2 * hours, 4 * hours, 6 * hours]) {
          to(offset)
          await staysIn()
          await nothingOpens()
        }
        to(13 * hours)
        expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
        await nothingOpens()
        front.reopen()
        to(13 * hours + 2 * seconds)
        await world().signedIn()
      } finally {
        front.reopen()
      }
    })
  })
}
