import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { type Realm, realmFrom } from '../keycloak/realm.ts'
import { importedValues, keycloakMissing, testKeycloak } from '../testing/keycloak.ts'
import { type TestRealm, testRealm } from '../testing/keycloak-realm.ts'

const missing = keycloakMissing(process.env.CI === 'true')

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

const Json: z.ZodType<Json> = z.json()

/** By which member an entry of a list is known in two descriptions of a realm. */
const names = [
  'clientId',
  'alias',
  'username',
  'name',
  'flowAlias',
  'authenticatorConfig',
  'authenticator',
  'client',
]

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (entry: Json) => {
  const key = isObject(entry) ? names.find((name) => typeof entry[name] === 'string') : undefined
  return key && isObject(entry) ? `${key}=${entry[key]}` : JSON.stringify(entry)
}

/** Keycloak keeps numbers and truths of settings as text, and shows no secret. */
const isSame = (wanted: Json, found: Json | undefined) =>
  String(wanted) === String(found) || found === '**********'

/** Every place at which `found` does not hold what `wanted` says; it may hold more. */
function lacks(wanted: Json, found: Json | undefined, path = ''): string[] {
  if (Array.isArray(wanted)) {
    const entries = new Map(
      (Array.isArray(found) ? found : []).map((entry) => [nameOf(entry), entry]),
    )
    return wanted.flatMap((entry) =>
      lacks(entry, entries.get(nameOf(entry)), `${path}[${nameOf(entry)}]`),
    )
  }
  if (isObject(wanted)) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      lacks(value, isObject(found) ? found[key] : undefined, `${path}.${key}`),
    )
  }
  return isSame(wanted, found) ? [] : [`${path}: ${JSON.stringify(found)}`]
}

/** What Keycloak says of a realm; people are not in it. */
async function exported(name: string): Promise<Json> {
  const { admin } = await testKeycloak()
  const query = 'exportClients=true&exportGroupsAndRoles=true'
  const response = await admin.send({ method: 'POST', path: `/${name}/partial-export?${query}` })
  return Json.parse(await response.json())
}

/** What is in the file and in no export, or in another shape: looked at by tests of their own. */
const apart = ['users', 'components', 'clientScopeMappings', 'scopeMappings']

const described = (realm: Realm): Json =>
  Json.parse(Object.fromEntries(Object.entries(realm).filter(([key]) => !apart.includes(key))))

const Named = z.array(z.looseObject({ name: z.string() }))
const namesAt = async (path: string): Promise<string[]> => {
  const { admin } = await testKeycloak()
  const found = await admin.get(Named, path)
  return (found ?? []).map(({ name }) => name).sort()
}

const Clients = z.array(
  z.looseObject({
    id: z.string(),
    defaultClientScopes: z.array(z.string()),
    optionalClientScopes: z.array(z.string()),
    protocolMappers: Named.default([]),
  }),
)

describe.skipIf(missing !== null)(missing ? `the realm (${missing})` : 'the realm', () => {
  let fresh: TestRealm
  beforeAll(async () => {
    fresh = await testRealm({ origin: 'https://plexus.example' })
  }, 120_000)
  afterAll(() => fresh?.drop())

  const clientOf = async (clientId: string) => {
    const [client] =
      (await fresh.admin.get(Clients, `/${fresh.name}/clients?clientId=${clientId}`)) ?? []
    if (!client) throw new Error(`There is no client ${clientId}.`)
    return client
  }

  test('is what the file says where Keycloak imports it by itself, with nothing lost or changed', async () => {
    const wanted = described(await realmFrom(importedValues))
    expect(lacks(wanted, await exported('plexus'))).toEqual([])
  })

  test('and a comparison that finds nothing would find a setting that differs', async () => {
    const wanted = described(await realmFrom(importedValues))
    const other = { ...(isObject(wanted) ? wanted : {}), accessTokenLifespan: 301 }
    const found = await exported('plexus')
    expect(lacks(other, found)).toEqual(['.accessTokenLifespan: 300'])
    const flows = [{ alias: 'sign-in', authenticationExecutions: [{ authenticator: 'none' }] }]
    expect(lacks({ authenticationFlows: flows }, found)).toHaveLength(1)
  })

  test('signs in with a password, and a second factor of whoever has one, and lets nobody past', async () => {
    const { admin, name } = fresh
    const Executions = z.array(
      z.looseObject({
        displayName: z.string(),
        requirement: z.string(),
        level: z.number(),
        providerId: z.string().optional(),
      }),
    )
    const found = await admin.get(Executions, `/${name}/authentication/flows/sign-in/executions`)
    const lines = found?.map(
      ({ level, requirement, providerId, displayName }) =>
        `${'  '.repeat(level)}${providerId ?? displayName} ${requirement}`,
    )
    expect(lines).toEqual([
      'auth-cookie ALTERNATIVE',
      'identity-provider-redirector ALTERNATIVE',
      'sign-in: forms ALTERNATIVE',
      '  sign-in: level 1 CONDITIONAL',
      '    conditional-level-of-authentication REQUIRED',
      '    auth-username-password-form REQUIRED',
      '  sign-in: level 2 CONDITIONAL',
      '    conditional-level-of-authentication REQUIRED',
      '    conditional-user-configured REQUIRED',
      '    auth-otp-form ALTERNATIVE',
      '    webauthn-authenticator ALTERNATIVE',
      '    auth-recovery-authn-code-form ALTERNATIVE',
      '  sign-in: second factor CONDITIONAL',
      '    conditional-sub-flow-executed REQUIRED',
      '    conditional-sub-flow-executed REQUIRED',
      '    conditional-user-configured REQUIRED',
      '    auth-otp-form ALTERNATIVE',
      '    webauthn-authenticator ALTERNATIVE',
      '    auth-recovery-authn-code-form ALTERNATIVE',
      '  allow-access-authenticator REQUIRED',
    ])
  })

  test('gives each client its scopes and claims, and no others', async () => {
    const shown = async (clientId: string) => {
      const { defaultClientScopes, optionalClientScopes, protocolMappers } =
        await clientOf(clientId)
      return {
        always: [...defaultClientScopes].sort(),
        asked: [...optionalClientScopes].sort(),
        own: protocolMappers.map(({ name }) => name),
      }
    }
    const person = ['acr', 'basic', 'email', 'plexus', 'profile', 'roles']
    expect(await shown('plexus-web')).toEqual({ always: person, asked: [], own: [] })
    expect(await shown('plexus-app')).toEqual({
      ...{ always: ['acr', 'api', ...person.slice(1)], asked: [], own: [] },
    })
    expect(await shown('plexus-partner')).toEqual({
      always: ['basic', 'plexus', 'roles'],
      asked: ['bookings:read', 'bookings:write', 'operations:publish'],
      own: ['rate limit'],
    })
    expect(await shown('plexus-admin')).toEqual({ always: ['basic', 'roles'], asked: [], own: [] })
  })

  test('lets the tokens of a client tell of its own roles only', async () => {
    const rolesOf = async (clientId: string) => {
      const { id } = await clientOf(clientId)
      return namesAt(`/${fresh.name}/clients/${id}/scope-mappings/realm`)
    }
    const people = ['admin', 'client', 'coach', 'company_admin', 'support']
    expect(await rolesOf('plexus-web')).toEqual(people)
    expect(await rolesOf('plexus-app')).toEqual(people)
    expect(await rolesOf('plexus-partner')).toEqual(['partner_app'])
    expect(await rolesOf('plexus-admin')).toEqual([])
  })

  test('lets our service account look after people, and change nothing else', async () => {
    const { admin, name, accounts } = fresh
    const { id } = await clientOf(accounts.id)
    const User = z.object({ id: z.string() })
    const own = await admin.get(User, `/${name}/clients/${id}/service-account-user`)
    const { id: management } = await clientOf('realm-management')
    const path = `/${name}/users/${own?.id}/role-mappings/clients/${management}`
    expect(await namesAt(path)).toEqual([
      ...['manage-users', 'query-users', 'view-events', 'view-realm', 'view-users'],
    ])
  })

  test('signs with ES256, and asks nobody for a name that Plexus does not have', async () => {
    const { admin, name } = fresh
    const Keys = z.object({ keys: z.array(z.looseObject({ algorithm: z.string() })) })
    const keys = await admin.get(Keys, `/${name}/keys`)
    expect(keys?.keys.map(({ algorithm }) => algorithm).sort()).toEqual(['AES', 'ES256', 'HS512'])
    const Profile = z.object({
      attributes: z.array(z.looseObject({ name: z.string(), required: z.unknown().optional() })),
    })
    const profile = await admin.get(Profile, `/${name}/users/profile`)
    const required = profile?.attributes.filter((one) => one.required).map((one) => one.name)
    expect(required).toEqual(['email', 'firstName'])
  })

  test('offers Google only where the environment has it switched on', async () => {
    const Providers = z.array(z.looseObject({ alias: z.string(), enabled: z.boolean() }))
    const google = async (realm: string) => {
      const path = `/${realm}/identity-provider/instances`
      return (await fresh.admin.get(Providers, path))?.map(({ alias, enabled }) => [alias, enabled])
    }
    expect(await google('plexus')).toEqual([['google', true]])
    expect(await google(fresh.name)).toEqual([['google', false]])
  })
})
