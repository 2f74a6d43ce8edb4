import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Person } from '../testing/person.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let it: TestSystem
beforeAll(async () => {
  it = await testSystem()
}, 60_000)
afterAll(() => it.stop())

type Sessions = { viewer: { sessions: { id: string; current: boolean; ip: string }[] } }

const isSignedIn = async (person: Person): Promise<boolean> =>
  (await (await person.send('/auth/session')).json()).authenticated

/** True when the provider wants a password before it lets this browser in again. */
async function isAskedForPassword(person: Person): Promise<boolean> {
  const { response } = await person.follow('/auth/login?returnTo=/')
  return (await response.text()).includes('name="password"')
}

const within = (persons: readonly Person[]) =>
  until(async () => {
    const all = await Promise.all(persons.map(isSignedIn))
    return all.every((one) => !one)
  }, 1_000)

/** The same person in some browsers, in each of which the gateway has answered already. */
async function browsersOf(name: string, count = 1): Promise<[Person, ...Person[]]> {
  const { email } = await it.account(name, ['CLIENT'])
  const own = await it.signIn(email)
  const others = await Promise.all(Array.from({ length: count - 1 }, () => it.signIn(email)))
  for (const browser of [own, ...others]) expect(await isSignedIn(browser)).toBe(true)
  return [own, ...others]
}

describe('a person with several browsers', () => {
  test('[MP-63] who signs out everywhere is out in every browser within a second', async () => {
    const browsers = await browsersOf('Ada', 3)
    const [first] = browsers
    const { revokeAllSessions } = await first.ask<{ revokeAllSessions: { count: number } }>(
      'mutation { revokeAllSessions { count } }',
    )
    expect(revokeAllSessions.count).toBe(3)
    await within(browsers)
    for (const browser of browsers) expect(await isAskedForPassword(browser)).toBe(true)
  })

  test('ends the others and goes on, also at the provider', async () => {
    const [own, ...others] = await browsersOf('Berta', 3)
    await own.ask('mutation { revokeOtherSessions { count } }')
    await within(others)
    expect(await isSignedIn(own)).toBe(true)
    expect(await isAskedForPassword(own)).toBe(false)
    for (const browser of others) expect(await isAskedForPassword(browser)).toBe(true)
  })

  test('ends one session; a second one of the same browser goes on', async () => {
    const [own] = await browsersOf('Carla')
    // A browser that lost its cookie and came back without typing a password.
    await it.db.connectAdmin()`
      insert into auth.web_session (id_hash, person_id, subject, roles, provider_sid, tokens, device, ip, expires_at, absolute_end)
      select sha256(id_hash), person_id, subject, roles, provider_sid, tokens, device, ip, expires_at, absolute_end
      from auth.web_session
      order by created_at desc limit 1`
    const { viewer } = await own.ask<Sessions>('{ viewer { sessions { id current ip } } }')
    const stale = viewer.sessions.filter(({ current }) => !current)
    expect(stale).toHaveLength(1)
    expect(viewer.sessions.map(({ ip }) => ip)).toEqual(['127.0.0.0/24', '127.0.0.0/24'])
    const revoke = 'mutation ($id: ID!) { revokeSession(id: $id) { __typename } }'
    for (const { id } of stale) await own.ask(revoke, { id })
    expect(await isSignedIn(own)).toBe(true)
    expect(await isAskedForPassword(own)).toBe(false)
  })
})

type Told = { __typename: string; roles?: string[] }

describe('an act that takes a second factor', () => {
  const disable = `mutation ($input: AccountReasonInput!) {
    disableAccount(input: $input) { __typename } }`
  const setRoles = `mutation ($input: SetAccountRolesInput!) {
    setAccountRoles(input: $input) { __typename } }`

  /** The administrator's sessions, as a mutation that proves a factor leaves them. */
  const proven = (minutesAgo: number) => it.db.connectAdmin()`
    update auth.web_session
    set acr = '2', acr_at = now() - make_interval(mins => ${minutesAgo})
    where 'ADMIN' = any(roles) and revoked_at is null`
  const levelOf = async (person: Person) => (await (await person.send('/auth/session')).json()).acr
  const codesOf = async (person: Person, query: string, input: object) =>
    (await person.graph({ query, variables: { input } })).body.errors?.map(
      ({ extensions }) => extensions.code,
    )

  test('is denied until one is proven, done then, and denied again after fifteen minutes', async () => {
    const admin = await it.admin()
    const { email, userId } = await it.account('Dora', ['CLIENT'])
    const dora = await it.signIn(email)
    const input = { userId, reason: 'left the company' }
    expect(await codesOf(admin, disable, input)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE'])
    expect(await isSignedIn(dora)).toBe(true)
    await proven(16)
    expect(await levelOf(admin)).toBe('1')
    expect(await codesOf(admin, disable, input)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE'])
    await proven(14)
    await until(async () => (await levelOf(admin)) === '2', 1_000)
    expect(await admin.ask<{ disableAccount: Told }>(disable, { input })).toEqual({
      disableAccount: { __typename: 'AccountChanged' },
    })
    // Whom it is done to is out within a second.
    await within([dora])
    await proven(15)
    await until(async () => (await levelOf(admin)) === '1', 1_000)
    expect(await codesOf(admin, disable, input)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE'])
  })

  test('other roles hold within a second, and nobody has to sign in again', async () => {
    const admin = await it.admin()
    const { email, userId } = await it.account('Emil', ['CLIENT'])
    const emil = await it.signIn(email)
    const rolesOf = async () => (await (await emil.send('/auth/session')).json()).roles
    expect(await rolesOf()).toEqual(['CLIENT'])
    await proven(1)
    await until(async () => (await levelOf(admin)) === '2', 1_000)
    const input = { userId, roles: ['CLIENT', 'COACH'], reason: 'gives courses now' }
    await admin.ask(setRoles, { input })
    await until(async () => (await rolesOf()).includes('COACH'), 1_000)
  })
})

describe('an administrator', () => {
  const revoke = `mutation ($userId: ID!) {
    revokeUserSessions(userId: $userId, reason: "a lost laptop") {
      __typename ... on SessionsRevoked { count } } }`

  test('sees the browsers of a person, and signs them out of all of them', async () => {
    const admin = await it.admin()
    const { email, userId } = await it.account('Fritz', ['CLIENT'])
    const browsers = [await it.signIn(email), await it.signIn(email)]
    const { user } = await admin.ask<{ user: { sessions: { ip: string }[] } }>(
      'query ($id: ID!) { user(id: $id) { sessions { ip device } } }',
      { id: userId },
    )
    expect(user.sessions).toHaveLength(2)
    expect(await admin.ask<object>(revoke, { userId })).toEqual({
      revokeUserSessions: { __typename: 'SessionsRevoked', count: 2 },
    })
    await within(browsers)
    for (const browser of browsers) expect(await isAskedForPassword(browser)).toBe(true)
  })
})
