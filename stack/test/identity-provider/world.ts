import { keysOf } from '../../../gateway/identity/keys.ts'
import { createProvider, type Provider } from '../../../gateway/identity/provider.ts'
import { freePort } from '../../ports.ts'
import { testDatabase } from '../../testing/database.ts'
import { openFront } from './front.ts'
import { type Gateway, startGateway } from './gateway.ts'
import type { NewPerson } from './parties.ts'
import type { ProviderUnderTest, StartProvider } from './provider-under-test.ts'
import { newVisitor } from './visitor.ts'

/** A provider behind its front, and a gateway that trusts it. */
export async function newWorld(start: StartProvider) {
  const front = await openFront(await freePort())
  const client = { id: 'plexus-web', secret: 'a-secret-of-the-gateway-in-tests' }
  const application = { origin: `http://localhost:${await freePort()}`, client }
  const [provider, base] = await Promise.all([start(front, application), testDatabase()])
  const { issuer, audience } = provider
  const gateway = await startGateway({ application, issuer, audience, base })
  /** The gateway's own client of the provider, for what never leaves a gateway. */
  const now = () => new Date()
  const relyingParty: Provider = createProvider({
    ...{ now, keys: keysOf({ jwksUri: () => relyingParty.jwksUri(), now }) },
    ...{ issuer, clientId: client.id, clientSecret: client.secret },
    scope: 'openid profile email',
    redirectUri: `${application.origin}/auth/callback`,
    postLogoutRedirectUri: `${application.origin}/`,
  })
  return {
    ...{ front, application, provider, gateway, relyingParty },
    ...visitorsOf(gateway, provider),
    stop: async () => {
      await gateway.stop()
      await provider.stop()
      await Promise.all([front.close(), base.drop()])
    },
  }
}

export type World = Awaited<ReturnType<typeof newWorld>>

function visitorsOf(gateway: Gateway, provider: ProviderUnderTest) {
  const visitor = () => newVisitor({ gateway, fields: provider.fields })
  const signedIn = async (wanted: NewPerson = {}) => {
    const person = await provider.addPerson(wanted)
    const browser = visitor()
    const landed = await browser.signIn(person)
    const asked = await browser.ask()
    if (asked.id === person.id) return { person, browser }
    throw new Error(`Not signed in: ${landed.url} ${landed.html.slice(0, 2_000)}`)
  }
  return {
    visitor,
    /** Somebody new, signed in. */
    signedIn,
    /** Somebody new, signed in by a password, who set an authenticator app up afterwards. */
    signedInBelow: async () => {
      const one = await signedIn()
      return { ...one, authenticator: await provider.enrol(one.person, one.browser) }
    },
  }
}
