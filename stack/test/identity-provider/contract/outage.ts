import { expect, test } from 'bun:test'
import { hours, minutes, seconds } from '../clock.ts'
import type { World } from '../world.ts'
import { tokensOf } from './tokens.ts'

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
      expect((await gateway.asProgram(withUnknownKey(tokens.accessToken))).status).not.toBe(200)
    }
    const staysIn = async () => {
      expect(await browser.ask()).toMatchObject({ credential: 'session', id: person.id })
    }
    try {
      await front.close()
      await gateway.later(6 * minutes, async () => {
        await staysIn()
        await nothingOpens()
      })
      await provider.setRoles(person, ['COACH'])
      front.reopen()
      await gateway.later(6 * minutes + 11 * seconds, async () => {
        expect((await browser.ask()).roles).toEqual(['COACH'])
      })
      await front.close()
      for (const offset of [2 * hours, 4 * hours, 6 * hours]) {
        await gateway.later(offset, async () => {
          await staysIn()
          await nothingOpens()
        })
      }
      await gateway.later(13 * hours, async () => {
        expect(await browser.ask()).toMatchObject({ credential: 'anonymous', id: null })
        await nothingOpens()
        front.reopen()
        await world().signedIn()
      })
    } finally {
      front.reopen()
    }
  })
}

function withUnknownKey(token: string): string {
  const [header = '', ...rest] = token.split('.')
  const named = JSON.parse(Buffer.from(header, 'base64url').toString())
  const unknown = Buffer.from(JSON.stringify({ ...named, kid: 'unknown' })).toString('base64url')
  return [unknown, ...rest].join('.')
}
