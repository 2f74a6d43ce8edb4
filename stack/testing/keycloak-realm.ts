import { randomBytes, randomUUID } from 'node:crypto'
import { Secret } from 'otpauth'
import { z } from 'zod'
import type { Role } from '#schema/scopes'
import type { KeycloakAdmin } from '../../subgraphs/auth/keycloak/admin.ts'
import { type Realm, realmFrom } from '../keycloak/realm.ts'
import { testKeycloak } from './keycloak.ts'

export type RealmOptions = {
  /** Of the gateway under test. */
  readonly origin: string
  /** Where browsers reach Keycloak, if that is not where it is. */
  readonly frontend?: string
  /** Of the client `plexus-web`. */
  readonly webSecret?: string
  /** False where a right password must open at once after a wrong one: Keycloak is busy counting. */
  readonly countsFailures?: boolean
}

export type RealmPerson = {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly displayName: string
  /** In base32; null for who has no second factor. */
  readonly totpSecret: string | null
}

export type NewRealmPerson = {
  readonly roles?: readonly Role[]
  readonly secondFactor?: boolean
  readonly displayName?: string
  readonly emailVerified?: boolean
}

export type Program = { readonly id: string; readonly secret: string }

/** A realm of one test file, as the realm file describes it. */
export type TestRealm = {
  readonly name: string
  readonly issuer: string
  /** Where Keycloak itself is, whatever the issuer says. */
  readonly origin: string
  readonly web: Program
  readonly partner: Program
  /** The service account that looks after accounts. */
  readonly accounts: Program
  /** Every right in every realm. Paths begin below `/admin/realms`. */
  readonly admin: KeycloakAdmin
  addPerson(person?: NewRealmPerson): Promise<RealmPerson>
  setRoles(id: string, roles: readonly Role[]): Promise<void>
  setEnabled(id: string, enabled: boolean): Promise<void>
  /** Ends the person's sign-ins, as an administrator does in the console. */
  signOut(id: string): Promise<void>
  /** Ids of the person's live sign-ins, which tokens name as `sid`. */
  signInsOf(id: string): Promise<string[]>
  /** From now on another key signs; what the old one signed can still be checked. */
  rotateKeys(): Promise<void>
  /** A program of a partner, which may ask for these scopes. */
  addProgram(scopes?: readonly string[]): Promise<Program>
  /** Whether the password is good, asked without a page, which only a client of the tests may. */
  passwordOpens(email: string, password: string): Promise<boolean>
  /** A program whose tokens are for another API. */
  addStranger(): Promise<Program>
  drop(): Promise<void>
}

const partnerScopes = ['bookings:read', 'bookings:write', 'operations:publish']
const password = 'quatre mots sans rapport'

/** Imports the realm file under another name. */
export async function testRealm(options: RealmOptions): Promise<TestRealm> {
  const { origin, admin } = await testKeycloak()
  const name = `test-${randomBytes(6).toString('hex')}`
  const secret = () => randomBytes(24).toString('base64url')
  const web = { id: 'plexus-web', secret: options.webSecret ?? secret() }
  const partner = { id: 'plexus-partner', secret: secret() }
  const accounts = { id: 'plexus-admin', secret: secret() }
  const described = await realmFrom({
    PLEXUS_ORIGIN: options.origin,
    PLEXUS_BACKCHANNEL_ORIGIN: options.origin,
    PLEXUS_WEB_SECRET: web.secret,
    PLEXUS_PARTNER_SECRET: partner.secret,
    PLEXUS_ADMIN_SECRET: accounts.secret,
  })
  const ask = asking(admin)
  await ask('POST', '', {
    ...{ ...described, realm: name, attributes: attributesOf(described, options) },
    ...(options.countsFailures === false && { bruteForceProtected: false }),
  })
  return {
    ...{ name, origin, web, partner, accounts, admin },
    issuer: `${options.frontend ?? origin}/realms/${name}`,
    ...peopleOf(ask, `/${name}`),
    ...programsOf(ask, `/${name}`),
    passwordOpens: passwordsOf(ask, { path: `/${name}`, url: `${origin}/realms/${name}` }),
    rotateKeys: () => ask('POST', `/${name}/components`, anotherKey()).then(() => {}),
    drop: async () => {
      await ask('DELETE', `/${name}`)
    },
  }
}

type Ask = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<Response>

/** Throws for everything that was not done. */
const asking =
  (admin: KeycloakAdmin): Ask =>
  async (method, path, body) => {
    const response = await admin.send({ method, path, body })
    if (response.ok) return response
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }

const Attributes = z.object({ attributes: z.record(z.string(), z.string()) })

const attributesOf = (realm: Realm, { frontend }: RealmOptions) => ({
  ...Attributes.parse(realm).attributes,
  ...(frontend && { frontendUrl: frontend }),
})

/** Above the key that the realm begins with, and above those before. */
let priority = 100
const anotherKey = () => {
  priority += 1
  return {
    name: `rotated ${priority}`,
    providerId: 'ecdsa-generated',
    providerType: 'org.keycloak.keys.KeyProvider',
    config: { priority: [String(priority)], ecdsaEllipticCurveKey: ['P-256'] },
  }
}

/** The id of what was made is the end of its address. */
const madeId = (response: Response) => response.headers.get('location')?.split('/').at(-1) ?? ''

const Roles = z.array(z.object({ id: z.string(), name: z.string() }))
type KeycloakRole = z.infer<typeof Roles>[number]

const Identified = z.object({ id: z.string() })

/** With base32, as authenticators know it; Keycloak's own secrets are raw text. */
const otp = (secret: string) => ({
  type: 'otp',
  secretData: JSON.stringify({ value: secret }),
  credentialData: JSON.stringify({
    ...{ subType: 'totp', digits: 6, counter: 0, period: 30, algorithm: 'HmacSHA1' },
    secretEncoding: 'BASE32',
  }),
})

function peopleOf(ask: Ask, realm: string) {
  const mappings = (id: string) => `${realm}/users/${id}/role-mappings/realm`
  const known = async (): Promise<KeycloakRole[]> =>
    Roles.parse(await (await ask('GET', `${realm}/roles`)).json())
  const setRoles = async (id: string, roles: readonly Role[]) => {
    const wanted = roles.map((role) => role.toLowerCase())
    const had = Roles.parse(await (await ask('GET', mappings(id))).json())
    const lost = had.filter(({ name }) => !name.startsWith('default-roles'))
    if (lost.length > 0) await ask('DELETE', mappings(id), lost)
    const won = (await known()).filter(({ name }) => wanted.includes(name))
    if (won.length > 0) await ask('POST', mappings(id), won)
  }
  return {
    setRoles,
    addPerson: async (wanted: NewRealmPerson = {}): Promise<RealmPerson> => {
      const { roles = ['CLIENT'], displayName = 'Alix Exemple', emailVerified = true } = wanted
      const email = `${randomUUID()}@plexus.example`
      const totpSecret = wanted.secondFactor ? new Secret({ size: 20 }).base32 : null
      const made = await ask('POST', `${realm}/users`, {
        ...{ username: email, email, emailVerified, enabled: true, firstName: displayName },
        credentials: [
          { type: 'password', value: password, temporary: false },
          ...(totpSecret ? [otp(totpSecret)] : []),
        ],
      })
      const id = madeId(made)
      await setRoles(id, roles)
      return { id, email, password, displayName, totpSecret }
    },
    signInsOf: async (id: string) => {
      const found = await ask('GET', `${realm}/users/${id}/sessions`)
      return Identified.array()
        .parse(await found.json())
        .map((session) => session.id)
    },
    setEnabled: async (id: string, enabled: boolean) => {
      await ask('PUT', `${realm}/users/${id}`, { enabled })
    },
    signOut: async (id: string) => {
      await ask('POST', `${realm}/users/${id}/logout`)
    },
  }
}

function programsOf(ask: Ask, realm: string) {
  // As in the realm file: a token holds no more than was asked for.
  const add = async (
    defaultClientScopes: readonly string[],
    optionalClientScopes: readonly string[],
  ): Promise<Program> => {
    const program = { id: randomUUID(), secret: randomBytes(24).toString('base64url') }
    const made = await ask('POST', `${realm}/clients`, {
      clientId: program.id,
      secret: program.secret,
      ...{ publicClient: false, serviceAccountsEnabled: true, standardFlowEnabled: false },
      ...{ defaultClientScopes, optionalClientScopes },
    })
    const path = `${realm}/clients/${madeId(made)}/service-account-user`
    const { id } = Identified.parse(await (await ask('GET', path)).json())
    const role = await (await ask('GET', `${realm}/roles/partner_app`)).json()
    await ask('POST', `${realm}/users/${id}/role-mappings/realm`, [role])
    return program
  }
  const own = ['basic', 'roles']
  return {
    addProgram: (scopes: readonly string[] = partnerScopes) => add([...own, 'plexus'], scopes),
    addStranger: () => add(own, partnerScopes),
  }
}

/** Our own clients may not take a password: one is added that may, when first asked. */
function passwordsOf(ask: Ask, { path, url }: { path: string; url: string }) {
  const clientId = randomUUID()
  const client = { clientId, publicClient: true, directAccessGrantsEnabled: true }
  let added: Promise<unknown> | null = null
  return async (username: string, password: string): Promise<boolean> => {
    added ??= ask('POST', `${path}/clients`, client)
    await added
    const form = { grant_type: 'password', client_id: clientId, username, password }
    const response = await fetch(`${url}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return response.ok
  }
}
