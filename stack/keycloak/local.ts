import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type KeycloakAdmin, keycloakAdmin } from '../../subgraphs/auth/keycloak/admin.ts'
import type { StackConfig } from '../config.ts'
import type { KeycloakRealm } from '../environment.ts'
import type { Secrets } from '../secrets.ts'
import { StartError } from '../start-error.ts'
import { keycloakDistribution } from './distribution.ts'
import { type RealmValues, realmFile, realmFrom, realmName } from './realm.ts'
import { adminClientId, databaseFolder, launch } from './server.ts'

/** A Keycloak of this machine's own, with our realm. */
export type LocalKeycloak = {
  readonly realm: KeycloakRealm
  readonly issuer: string
  /** May do everything in every realm. */
  readonly admin: KeycloakAdmin
  /** Of `admin`, in its console. */
  readonly consolePassword: string
  /** Its exit code, when it has ended for whatever reason. */
  readonly exited: Promise<number>
  stop(): Promise<void>
}

/** Of the first requests, which find much to compile. */
const patienceMs = 60_000

/** How the services of this machine reach it, also before it runs. */
export const localRealmOf = (
  { providerPort }: Pick<StackConfig, 'providerPort'>,
  { clientSecret, keycloakAccountsSecret }: Secrets,
): KeycloakRealm => ({
  origin: `http://localhost:${providerPort}`,
  realm: realmName,
  webSecret: clientSecret,
  accountsSecret: keycloakAccountsSecret,
})

export const keycloakHome = ({ dataDir }: Pick<StackConfig, 'dataDir'>) => join(dataDir, 'keycloak')

/**
 * Starts it on the provider's port; its data stays in the data folder. Throws StartError when the
 * realm in there is not what the realm file says now.
 */
export async function startLocalKeycloak(
  config: StackConfig,
  secrets: Secrets,
): Promise<LocalKeycloak> {
  const { folder, prepared } = await keycloakDistribution()
  const home = keycloakHome(config)
  const values = realmValuesOf(config, secrets)
  await provide(home, prepared)
  await requireSame(home, values)
  const port = config.providerPort
  const keycloak = await launch({ folder, home, port, realm: { file: realmFile, values } })
  const secret = (await readFile(join(home, databaseFolder, 'secret'), 'utf8')).trim()
  const { origin, exited, stop } = keycloak
  return {
    realm: localRealmOf(config, secrets),
    issuer: `${origin}/realms/${realmName}`,
    admin: keycloakAdmin({
      ...{ origin, realm: 'master', clientId: adminClientId, clientSecret: secret },
      now: () => new Date(),
      timeoutMs: patienceMs,
    }),
    consolePassword: secret,
    ...{ exited, stop },
  }
}

/** A database with its tables, on the first start; put in place at once or not at all. */
async function provide(home: string, prepared: string) {
  const database = join(home, databaseFolder)
  if (existsSync(database)) return
  await mkdir(dirname(database), { recursive: true })
  await rm(`${database}.new`, { recursive: true, force: true })
  await cp(prepared, `${database}.new`, { recursive: true })
  await rename(`${database}.new`, database)
}

/** Keycloak imports a realm once and never again: a change since would go unnoticed. */
async function requireSame(home: string, values: RealmValues) {
  const digest = createHash('sha256')
    .update(JSON.stringify(await realmFrom(values)))
    .digest('hex')
  const file = join(home, 'realm.sha256')
  const imported = existsSync(file) ? await readFile(file, 'utf8') : digest
  if (imported !== digest) {
    throw new StartError(
      `The realm file, a port or a secret has changed since Keycloak imported the realm; delete ${home} to import it again.`,
    )
  }
  await writeFile(file, digest)
}

function realmValuesOf(config: StackConfig, secrets: Secrets): RealmValues {
  const origin = `http://localhost:${config.gatewayPort}`
  return {
    PLEXUS_ORIGIN: origin,
    PLEXUS_BACKCHANNEL_ORIGIN: origin,
    PLEXUS_WEB_SECRET: secrets.clientSecret,
    PLEXUS_PARTNER_SECRET: secrets.keycloakPartnerSecret,
    PLEXUS_ADMIN_SECRET: secrets.keycloakAccountsSecret,
    ...(config.smtpUrl && smtpValues(new URL(config.smtpUrl))),
    ...(config.google && googleValues(config.google)),
  }
}

/** Keycloak's own letters go where those of Plexus go. */
const smtpValues = ({ hostname, port, username, password }: URL) => ({
  SMTP_ENABLED: 'true',
  SMTP_HOST: hostname,
  SMTP_PORT: port || '25',
  SMTP_FROM: `no-reply@${hostname}`,
  ...(username && {
    SMTP_AUTH: 'true',
    SMTP_USER: decodeURIComponent(username),
    SMTP_PASSWORD: decodeURIComponent(password),
  }),
})

const googleValues = ({ clientId, clientSecret }: NonNullable<StackConfig['google']>) => ({
  GOOGLE_ENABLED: 'true',
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: clientSecret,
})
