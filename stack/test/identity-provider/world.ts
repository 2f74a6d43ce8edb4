import { TOTP } from 'otpauth'
import { createProvider } from '../../../gateway/identity/provider.ts'
import { freePort } from '../../postgres.ts'
import { testDatabase } from '../../testing/database.ts'
import { openFront } from './front.ts'
import { type Gateway, startGateway, type WhoAsks } from './gateway.ts'
import type {
  NewPerson,
  ProviderUnderTest,
  StartProvider,
  TestPerson,
} from './provider-under-test.ts'
import { asksFor, newWalker, type Visit, type Walker } from './walker.ts'

/** A provider behind its front, and a gateway that trusts it. */
export async function newWorld(start: StartProvider) {
  const front = await openFront(await freePort())
  const client = { id: 'plexus-web', secret: 'a-secret-of-the-gateway-in-tests' }
  const application = { origin: `http://localhost:${await freePort()}`, client }
  const [provider, base] = await Promise.all([start(front, application), testDatabase()])
  const { issuer, audience } = provider
  const gateway = await startGateway({ application, issuer, audience, base })
  /** The gateway's own client of the provider, for what never leaves a gateway. */
  const relyingParty = createProvider({
    ...{ issuer, clientId: client.id, clientSecret: client.secret },
    scope: 'openid profile email',
    redirectUri: `${application.origin}/auth/callback`,
    postLogoutRedirectUri: `${application.origin}/`,
    now: () => new Date(),
  })
  return {
    ...{ front, application, provider, gateway, relyingParty },
    ...visitorsOf({ gateway, provider }),
    stop: async () => {
      await gateway.stop()
      await provider.stop()
      await Promise.all([front.close(), base.drop()])
    },
  }
}

export type World = Awaited<ReturnType<typeof newWorld>>

export const codeOf = ({ totpSecret }: TestPerson, at = Date.now()): string =>
  new TOTP({ secret: totpSecret ?? '' }).generate({ timestamp: at })

type Both = { readonly gateway: Gateway; readonly provider: ProviderUnderTest }

function visitorsOf({ gateway, provider }: Both) {
  const { fields } = provider

  /** Fills in each page that asks for something, until one does not. */
  async function fillIn(walker: Walker, first: Visit, { person, stopAt }: FillIn): Promise<Visit> {
    let page = first
    for (let step = 0; step < 4; step += 1) {
      const typed = {
        ...(asksFor(page, fields.login) && { [fields.login]: person.login }),
        ...(asksFor(page, fields.password) && { [fields.password]: person.password }),
        ...(asksFor(page, fields.code) && { [fields.code]: codeOf(person) }),
      }
      if (Object.keys(typed).length === 0) return page
      page = await walker.submit(page, typed, stopAt ? { stopAt } : {})
    }
    return page
  }

  /** A browser at the gateway. */
  const visitor = () => {
    const walker = newWalker()
    const login = (query = '') => walker.visit(`${gateway.origin}/auth/login?${query}`)
    return {
      ...walker,
      /** Begins a sign-in; the page that it leads to. */
      login,
      fillIn: (page: Visit, to: FillIn) => fillIn(walker, page, to),
      signIn: async (person: TestPerson, query = 'returnTo=/') =>
        fillIn(walker, await login(query), { person }),
      /** Who the gateway takes this browser for. */
      ask: async (): Promise<WhoAsks> =>
        (await walker.send(`${gateway.origin}/graphql`, { headers: { accept: json } })).json(),
      session: async () => (await walker.send(`${gateway.origin}/auth/session`)).json(),
      logout: async (): Promise<{ redirectUrl: string }> =>
        (
          await walker.send(`${gateway.origin}/auth/logout`, {
            method: 'POST',
            headers: {
              'x-plexus-csrf': '1',
              'sec-fetch-site': 'same-origin',
              origin: gateway.origin,
            },
          })
        ).json(),
    }
  }

  return {
    visitor,
    /** Somebody new, signed in. */
    signedIn: async (wanted: NewPerson = {}) => {
      const person = await provider.addPerson(wanted)
      const browser = visitor()
      const landed = await browser.signIn(person)
      const asked = await browser.ask()
      if (asked.id !== person.id) throw new Error(`Not signed in: ${landed.url} ${landed.html}`)
      return { person, browser }
    },
  }
}

const json = 'application/json'

type FillIn = { readonly person: TestPerson; readonly stopAt?: string }
export type Visitor = ReturnType<World['visitor']>
