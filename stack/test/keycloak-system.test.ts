import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { keycloakMissing } from '../testing/keycloak.ts'
import { type RealmPerson, type TestRealm, testRealm } from '../testing/keycloak-realm.ts'
import { type TestSystem, testPassword, testSystem, until } from '../testing/system.ts'
import { asksFor, newWalker, type Visit } from './identity-provider/walker.ts'

const missing = keycloakMissing(process.env.CI === 'true')

let system: TestSystem
let realm: TestRealm

type Credentials = Pick<RealmPerson, 'email' | 'password'>

const Session = z.looseObject({
  authenticated: z.boolean(),
  roles: z.array(z.string()).default([]),
})

/** A browser without a screen. */
function visitor() {
  const walker = newWalker()
  const post = (path: string, body: object) =>
    walker.send(`${system.origin}${path}`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-plexus-csrf': '1',
        'sec-fetch-site': 'same-origin',
        origin: system.origin,
      },
      body: JSON.stringify(body),
    })
  const login = () => walker.visit(`${system.origin}/auth/login?returnTo=/`)
  const fillIn = (page: Visit, { email, password }: Credentials) =>
    walker.submit(page, { username: email, password })
  return {
    ...{ login, fillIn },
    signIn: async (person: Credentials) => fillIn(await login(), person),
    session: async () =>
      Session.parse(await (await walker.send(`${system.origin}/auth/session`)).json()),
    graph: async (query: string, variables: object = {}) =>
      (await post('/graphql', { query, variables })).json(),
  }
}

async function signedIn(person: Credentials) {
  const browser = visitor()
  const landed = await browser.signIn(person)
  if (!(await browser.session()).authenticated) throw new Error(landed.html)
  return browser
}

describe.skipIf(missing !== null)(missing ?? 'the whole system on Keycloak', () => {
  beforeAll(async () => {
    system = await testSystem({
      keycloak: async (origin) => {
        realm = await testRealm({ origin })
        const { name, web, accounts } = realm
        const secrets = { webSecret: web.secret, accountsSecret: accounts.secret }
        return { origin: realm.origin, realm: name, ...secrets }
      },
    })
  }, 120_000)
  afterAll(async () => {
    await system?.stop()
    await realm?.drop()
  })

  test('an account that an administrator makes in the graph signs in at Keycloak, as that person', async () => {
    const admin = await signedIn(await realm.addPerson({ roles: ['ADMIN'] }))
    const email = `${crypto.randomUUID()}@test.example`
    const input = {
      ...{ idempotencyKey: email, email, displayName: 'Ada Moreau', locale: 'en' },
      ...{ roles: ['COACH'], password: testPassword },
    }
    const { data } = await admin.graph(
      `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
        ... on AccountProvisioned { userId } ... on UserError { message } } }`,
      { input },
    )
    const person = await signedIn({ email, password: testPassword })
    expect(await person.session()).toMatchObject({ displayName: 'Ada Moreau', roles: ['COACH'] })
    await until(async () => {
      const { data: own } = await person.graph('{ viewer { user { id } } }')
      return own?.viewer?.user?.id === data.provisionAccount.userId
    })
  })

  test('what is done in its console holds here within seconds: new roles, and nobody who is disabled', async () => {
    const person = await realm.addPerson()
    const browser = await signedIn(person)
    expect((await browser.session()).roles).toEqual(['CLIENT'])
    await realm.setRoles(person.id, ['SUPPORT'])
    await until(async () => (await browser.session()).roles.join() === 'SUPPORT')
    await realm.setEnabled(person.id, false)
    await until(async () => !(await browser.session()).authenticated)
    await browser.signIn(person)
    expect((await browser.session()).authenticated).toBe(false)
  })

  describe('where a session is ended here, Keycloak asks that browser for the password again', () => {
    async function endedElsewhere() {
      const person = await realm.addPerson()
      const [browser, other] = [await signedIn(person), await signedIn(person)]
      await other.login()
      expect((await other.session()).authenticated).toBe(true)
      await browser.graph('mutation { revokeOtherSessions { count } }')
      await until(async () => !(await other.session()).authenticated)
      // Seldom: who reads a sign-in while it is deleted may leave it in Keycloak's cache.
      const isForgotten = async () => (await realm.signInsOf(person.id)).length === 1
      return { person, browser, other, forgotten: () => until(isForgotten, 20_000, 1_000) }
    }

    test('when Keycloak has heard of it, and the other session goes on', async () => {
      const { browser, other, forgotten } = await endedElsewhere()
      await forgotten()
      await until(async () => asksFor(await other.login(), 'password'), 20_000, 1_000)
      expect((await browser.session()).authenticated).toBe(true)
    })

    test('and before; who gives it then is in again, however long the typing takes', async () => {
      const { person, other, forgotten } = await endedElsewhere()
      const page = await other.login()
      expect(asksFor(page, 'password')).toBe(true)
      await forgotten()
      await other.fillIn(page, person)
      expect((await other.session()).authenticated).toBe(true)
    })
  })
})
