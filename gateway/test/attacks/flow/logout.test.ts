import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { publicOrigin, type TestEdge } from '../../edge-harness.ts'
import { logoutTokens, rightClaims } from './logout-tokens.ts'
import { browserAt, newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
beforeEach(() => world.straighten())
afterAll(() => world.stop())

/** Whether this token signs the victim out. */
async function signsOut(edge: TestEdge, token: string, laterMs = 0): Promise<boolean> {
  const browser = browserAt(edge, world)
  await browser.signIn(world.ids.victim)
  world.laterMs = laterMs
  const body = new URLSearchParams({ logout_token: token })
  await edge.fetch(new Request(`${publicOrigin}/auth/backchannel-logout`, { method: 'POST', body }))
  return (await browser.who()) === null
}

test('a logout token as it should be signs out', async () => {
  const { provider, ids } = world
  const token = await provider.sign(rightClaims(provider, ids.victim), 'logout+jwt')
  expect(await signsOut(await world.gateway(null), token)).toBe(true)
})

describe('a logout token that', () => {
  for (const [name, { source, guard, token, laterMs }] of Object.entries(logoutTokens))
    test(`${name} (${source})`, async () => {
      const { provider, ids } = world
      const made = () => token(provider, ids.victim)
      expect(await signsOut(await world.gateway(null), await made(), laterMs)).toBe(false)
      world.straighten()
      expect(await signsOut(await world.gateway({ guard }), await made(), laterMs)).toBe(true)
    })
})
