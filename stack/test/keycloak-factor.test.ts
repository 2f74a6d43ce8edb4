import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { keycloakMissing } from '../testing/keycloak.ts'
import { type RealmPerson, type TestRealm, testRealm } from '../testing/keycloak-realm.ts'
import { authenticatorOf } from './identity-provider/authenticator.ts'
import { asksFor, newWalker, type Visit } from './identity-provider/walker.ts'

const missing = keycloakMissing(process.env.CI === 'true')

const onDevice = 'http://127.0.0.1:4567/callback'
const wishes = [{}, { acr_values: '2' }, { acr_values: '1' }, { acr_values: '0' }]
const others = [{ acr_values: 'x' }, { claims: '{"id_token":{"acr":{"values":["1"]}}}' }]

describe.skipIf(missing !== null)(missing ? `Keycloak (${missing})` : 'Keycloak', () => {
  let realm: TestRealm
  let person: RealmPerson
  beforeAll(async () => {
    realm = await testRealm({ origin: 'https://plexus.example' })
    person = await realm.addPerson({ secondFactor: true })
  }, 120_000)
  afterAll(() => realm?.drop())

  /** What somebody with a browser may ask of it themselves, for a client without a secret. */
  function request(client: string, redirectUri: string, wish: object) {
    const verifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      ...{ client_id: client, redirect_uri: redirectUri, response_type: 'code', scope: 'openid' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...{ code_challenge_method: 'S256', ...wish },
    })
    return `${realm.issuer}/protocol/openid-connect/auth?${query}`
  }

  /** Where the right password alone leads. */
  async function afterPassword(client: string, redirectUri: string, wish: object) {
    const walker = newWalker()
    const options = { stopAt: redirectUri }
    const first = await walker.visit(request(client, redirectUri, wish), options)
    const { email, password } = person
    const page = await walker.submit(first, { username: email, password }, options)
    return { page, send: (from: Visit, form: object) => walker.submit(from, { ...form }, options) }
  }

  const isIn = ({ url }: Visit) => url.searchParams.has('code')
  const ownPages = () => [
    ['account-console', `${realm.issuer}/account/`],
    ['account', `${realm.issuer}/account/`],
    ['security-admin-console', `${realm.origin}/admin/${realm.name}/console/`],
  ]

  test('lets nobody with a second factor in by the password alone, whatever a client asks for', async () => {
    for (const wish of [...wishes, ...others]) {
      const { page } = await afterPassword('plexus-app', onDevice, wish)
      expect([wish, isIn(page), asksFor(page, 'otp')]).toEqual([wish, false, true])
    }
    for (const [client = '', redirectUri = ''] of ownPages()) {
      const { page } = await afterPassword(client, redirectUri, { acr_values: '1' })
      expect([client, isIn(page), asksFor(page, 'otp')]).toEqual([client, false, true])
    }
  }, 60_000)

  test('asks for one code, also where a client asked for less', async () => {
    const { code } = authenticatorOf(person.totpSecret ?? '')
    for (const wish of [{ acr_values: '1' }, { acr_values: '2' }]) {
      const { page, send } = await afterPassword('plexus-app', onDevice, wish)
      expect(isIn(await send(page, { otp: code() }))).toBe(true)
    }
  }, 60_000)

  test('takes nothing but a factor on the page that asks for one', async () => {
    const forms = [
      { tryAnotherWay: 'on' },
      { authenticationExecution: 'allow-access-authenticator' },
      { 'cancel-aia': 'true' },
      { otp: '' },
      { username: person.email, password: person.password },
    ]
    for (const form of forms) {
      const { page, send } = await afterPassword('plexus-app', onDevice, { acr_values: '1' })
      const answer = await send(page, form)
      expect([form, isIn(answer)]).toEqual([form, false])
    }
    const { page, send } = await afterPassword('plexus-app', onDevice, {})
    const chooser = await send(page, { tryAnotherWay: 'on' })
    expect(chooser.html.match(/name="authenticationExecution"/g)).toHaveLength(1)
  }, 60_000)

  test('would let somebody past by a wish for level 1 without the step that looks after that', async () => {
    const Steps = z.array(z.looseObject({ displayName: z.string(), requirement: z.string() }))
    const path = `/${realm.name}/authentication/flows/sign-in/executions`
    const steps = await realm.admin.get(Steps, path)
    const step = steps?.find(({ displayName }) => displayName === 'sign-in: second factor')
    const become = (requirement: string) =>
      realm.admin.send({ method: 'PUT', path, body: { ...step, requirement } })
    await become('DISABLED')
    const { page } = await afterPassword('plexus-app', onDevice, { acr_values: '1' })
    expect(isIn(page)).toBe(true)
    await become('CONDITIONAL')
  }, 60_000)
})
