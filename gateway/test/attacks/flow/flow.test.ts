import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { attacks } from './attacks.ts'
import { browserAt, newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
beforeEach(() => world.straighten())
afterAll(() => world.stop())

test('a provider that keeps every rule signs in, at the gateway and at each of its twins', async () => {
  const gaps = [null, ...new Set(Object.values(attacks).map(({ gap }) => gap))]
  for (const gap of gaps) {
    const browser = browserAt(await world.gateway(gap), world)
    await browser.signIn(world.ids.victim)
    expect(await browser.who()).toBe(world.ids.victim)
  }
})

describe('what is done to a sign-in on its way', () => {
  for (const [name, { source, gap, attack }] of Object.entries(attacks))
    test(`${name} (${source})`, async () => {
      expect(await attack(await world.gateway(null), world)).toBe(false)
      world.straighten()
      expect(await attack(await world.gateway(gap), world)).toBe(true)
    })
})
