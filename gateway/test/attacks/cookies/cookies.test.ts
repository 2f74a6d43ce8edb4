import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { attacks } from './attacks.ts'
import { newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
beforeEach(() => world.renewVictim())
afterAll(() => world.stop())

describe('what another site, or a sibling host, makes the browser of a signed-in person send', () => {
  for (const [name, { guard, request, loot, source }] of Object.entries(attacks))
    test(`${name} (${source})`, async () => {
      const real = await world.gateway()
      expect(await loot(await real.fetch(request(world)), world)).toBe(false)
      const twin = await world.gateway(guard)
      expect(await loot(await twin.fetch(request(world)), world)).toBe(true)
    })
})
