import { afterAll, beforeAll, describe } from 'bun:test'
import { browserMissing } from '../../testing/browser.ts'
import { keycloakMissing } from '../../testing/keycloak.ts'
import { browserContract } from './contract/browser.ts'
import { startEmbedded } from './provider.embedded.ts'
import { startKeycloak } from './provider.keycloak.ts'
import type { StartProvider } from './provider-under-test.ts'
import { newWorld, type World } from './world.ts'

const ci = process.env.CI === 'true'
const noBrowser = browserMissing(ci)

const providers: readonly [string, StartProvider, string | null][] = [
  ['the embedded provider', startEmbedded, noBrowser],
  ['Keycloak', startKeycloak, noBrowser ?? keycloakMissing(ci)],
]

describe.each(providers)('%s', (_, start, missing) => {
  describe.skipIf(missing !== null)(missing ?? 'in a real browser', () => {
    let world: World
    beforeAll(async () => {
      world = await newWorld(start)
    }, 120_000)
    afterAll(() => world?.stop())

    browserContract(() => world)
  })
})
