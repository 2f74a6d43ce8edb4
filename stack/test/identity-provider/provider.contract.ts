import { afterAll, beforeAll, describe } from 'bun:test'
import { levelContract } from './contract/level.ts'
import { outageContract } from './contract/outage.ts'
import { sessionContract } from './contract/session.ts'
import { signInContract } from './contract/sign-in.ts'
import { tokenContract } from './contract/tokens.ts'
import type { StartProvider } from './provider-under-test.ts'
import { newWorld, type World } from './world.ts'

const parts = {
  'signing in': signInContract,
  'a session': sessionContract,
  'a level': levelContract,
  tokens: tokenContract,
  'an outage': outageContract,
}

/** What Plexus relies on, whichever provider signs its people in. */
export function identityProviderContract(
  name: string,
  start: StartProvider,
  skipped: string | null,
) {
  describe.skipIf(skipped !== null)(skipped ? `${name} (${skipped})` : name, () => {
    let world: World
    beforeAll(async () => {
      world = await newWorld(start)
    }, 120_000)
    afterAll(() => world?.stop())

    for (const [part, contract] of Object.entries(parts))
      describe(part, () => contract(() => world))
  })
}
