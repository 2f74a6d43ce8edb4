import { randomBytes, randomUUID } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'
import { createLog } from '#kit/log'
import { database, type Pool, systemContext } from '#kit/postgres'
import { createVault } from '#kit/vault'
import type { Role } from '#schema/scopes'
import { localDirectory } from '../../../subgraphs/auth/account/directory.local.ts'
import { insertClient } from '../../../subgraphs/auth/client/queries.ts'
import { newSecret, partnerScopes, secretHash } from '../../../subgraphs/auth/client/rules.ts'
import { createProvider } from '../../../subgraphs/auth/provider/provider.ts'
import { addAccount, password, signingKey } from '../../../subgraphs/auth/test/world.ts'
import { totpOwner } from '../../../subgraphs/auth/totp/queries.ts'
import { newTotpSecret } from '../../../subgraphs/auth/totp/rules.ts'
import { freePort } from '../../ports.ts'
import { testDatabase } from '../../testing/database.ts'
import { authenticatorOf } from './authenticator.ts'
import type { Application } from './parties.ts'
import type { ProviderUnderTest, StartProvider } from './provider-under-test.ts'

const audience = 'plexus-api'
const client: readonly Role[] = ['CLIENT']
const vault = createVault([{ id: 'tests', key: new Uint8Array(randomBytes(32)) }])
const relyingParty = { id: 'localhost', name: 'Plexus', origins: [] }

/** The provider that Plexus brings with it, over a database of its own. */
export const startEmbedded: StartProvider = async (front, application) => {
  const base = await testDatabase()
  const sql = base.connect('auth')
  const issuer = front.origin
  const keys = [await signingKey(randomUUID())]
  const instances = instancesOf({ sql, issuer, application })
  front.lead(await instances.next(keys))
  return {
    ...{ issuer, audience },
    fields: {
      login: 'email',
      password: 'password',
      code: 'code',
      signOut: { logout: 'yes' },
      decline: { cancel: 'yes' },
    },
    ...peopleOf(sql),
    rotateKeys: async () => {
      keys.unshift(await signingKey(randomUUID()))
      front.lead(await instances.next(keys))
    },
    addProgram: async () => {
      const secret = newSecret()
      const row = await database(sql, systemContext).write((tx) =>
        insertClient(tx, {
          name: randomUUID(),
          scopes: [...partnerScopes],
          rateLimitPerMinute: 60,
          secretHash: secretHash(secret),
          createdAt: new Date(),
        }),
      )
      return { id: row?.id ?? '', secret }
    },
    foreignToken: () => tokenFor('another-api', { issuer, key: keys[0] }),
    stop: async () => {
      await instances.stop()
      await base.drop()
    },
  }
}

type Instances = { sql: Pool; issuer: string; application: Application }

/** Instances of the provider over one database, each taking over from the one before. */
function instancesOf({ sql, issuer, application }: Instances) {
  let running: ReturnType<typeof createProvider> | null = null
  return {
    next: async (jwks: readonly JWK[]) => {
      const before = running
      const port = await freePort()
      running = createProvider({
        ...{ issuer, jwks, audience },
        db: database(sql, systemContext),
        secondFactor: { vault, relyingParty },
        cookieKeys: ['a cookie key of the tests'],
        client: {
          ...application.client,
          redirectUris: [`${application.origin}/auth/callback`],
          postLogoutRedirectUris: [`${application.origin}/`],
          backchannelLogoutUri: `${application.origin}/auth/backchannel-logout`,
        },
        log: createLog({ service: 'auth', level: 'silent' }),
        now: () => new Date(),
      })
      await running.start(port)
      await before?.stop()
      return `http://127.0.0.1:${port}`
    },
    stop: async () => running?.stop(),
  }
}

function peopleOf(
  sql: Pool,
): Pick<ProviderUnderTest, 'addPerson' | 'setRoles' | 'disable' | 'enrol'> {
  const db = database(sql, systemContext)
  return {
    addPerson: async ({ roles } = {}) => {
      const { id, email, displayName } = await addAccount(sql, { roles: [...(roles ?? client)] })
      return { id, login: email, password, displayName }
    },
    setRoles: async ({ id }, roles) => {
      await db.write((tx) => localDirectory.setRoles(tx, { id, roles }))
    },
    disable: async ({ id }) => {
      await db.write((tx) => localDirectory.setDisabled(tx, { id, at: new Date() }))
    },
    enrol: async ({ id: personId }) => {
      const secret = newTotpSecret()
      await db.write(
        (tx) =>
          tx`insert into totp ${tx({
            personId,
            secret: vault.seal(secret, totpOwner(personId)),
            confirmedAt: new Date(),
          })}`,
      )
      return authenticatorOf(secret)
    },
  }
}

async function tokenFor(
  aud: string,
  { issuer, key = {} }: { issuer: string; key: JWK | undefined },
) {
  return new SignJWT({ client_id: 'somebody', scope: 'bookings:read', roles: ['partner_app'] })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(key.kid && { kid: key.kid }) })
    .setIssuer(issuer)
    .setSubject('somebody')
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(await importJWK(key, 'ES256'))
}
