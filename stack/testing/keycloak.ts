import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type KeycloakAdmin, keycloakAdmin } from '../../subgraphs/auth/keycloak/admin.ts'
import { tryFileLock, withFileLock } from '../file-lock.ts'
import { keycloakDistribution, keycloakLacks } from '../keycloak/distribution.ts'
import { type RealmValues, realmFile } from '../keycloak/realm.ts'
import { adminClientId, databaseFolder, launch } from '../keycloak/server.ts'
import { freePort } from '../ports.ts'

const home = resolve(import.meta.dir, '../../.plexus/test/keycloak')
const serverFile = join(home, 'server.json')

/** A realm is imported in a second, on a machine that has nothing else to do. */
const patienceMs = 60_000

/** What the placeholders of the realm file say where Keycloak itself imports it, as in a cluster. */
export const importedValues: RealmValues = {
  PLEXUS_ORIGIN: 'https://plexus.example',
  PLEXUS_BACKCHANNEL_ORIGIN: 'http://gateway:3000',
  PLEXUS_WEB_SECRET: 'web-secret-of-the-tests',
  PLEXUS_PARTNER_SECRET: 'partner-secret-of-the-tests',
  PLEXUS_ADMIN_SECRET: 'admin-secret-of-the-tests',
  GOOGLE_ENABLED: 'true',
  GOOGLE_CLIENT_ID: 'google-client-of-the-tests',
  GOOGLE_CLIENT_SECRET: 'google-secret-of-the-tests',
}

/** Each test run keeps a file in here locked: the last run to leave stops the server. */
const runs = join(home, 'runs')

/** The Keycloak that all test runs of this checkout share. */
export type TestKeycloak = {
  readonly origin: string
  /** May do everything in every realm. */
  readonly admin: KeycloakAdmin
  /** What another process finds it by, in `PLEXUS_TEST_KEYCLOAK`. */
  readonly address: string
  /** Stops it unless another test run still uses it. */
  leave(): Promise<void>
}

/** Why tests with Keycloak cannot run, or null when they can. Where `CI=true`, a lack is a failure. */
export function keycloakMissing(ci: boolean, lack = keycloakLacks()): string | null {
  if (!lack) return null
  if (ci) throw new Error(`CI=true needs Keycloak. ${lack}`)
  return lack
}

let joined: Promise<TestKeycloak> | null = null

/** Started by the first test that asks for it; `check` starts it for all its runs. */
export function testKeycloak(): Promise<TestKeycloak> {
  joined ??= joinRun()
  return joined
}

/** Uses a server that the caller of the tests keeps running. */
export function joinTestKeycloak(address: string) {
  joined = Promise.resolve(handleOf(address, async () => {}))
}

/** Stops the shared server when this run had started to use it and no other run does. */
export async function leaveTestKeycloak() {
  const server = await joined?.catch(() => null)
  joined = null
  await server?.leave()
}

function handleOf(address: string, leave: () => Promise<void>): TestKeycloak {
  const { origin, username: clientId, password: clientSecret } = new URL(address)
  const now = () => new Date()
  const own = { realm: 'master', clientId, clientSecret, timeoutMs: patienceMs }
  const admin = keycloakAdmin({ origin, now, ...own })
  return { origin, admin, address, leave }
}

const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
  await mkdir(runs, { recursive: true })
  return withFileLock(join(home, 'lock'), work)
}

const joinRun = () =>
  exclusively(async () => {
    const server = (await living()) ?? (await start())
    const presence = join(runs, String(process.pid))
    const lock = tryFileLock(presence)
    return handleOf(server.address, () =>
      exclusively(async () => {
        lock?.release()
        await rm(presence, { force: true })
        if (!(await isUsed())) await stop(server)
      }),
    )
  })

const Server = z.object({ pid: z.number(), address: z.string() })
type Server = z.infer<typeof Server>

/** Null when none runs, whatever one that was killed has left behind. */
async function living(): Promise<Server | null> {
  if (!existsSync(serverFile)) return null
  const server = Server.parse(JSON.parse(await readFile(serverFile, 'utf8')))
  const { origin } = new URL(server.address)
  const response = await fetch(`${origin}/realms/master`).catch(() => null)
  return response?.ok ? server : null
}

async function start(): Promise<Server> {
  const { folder, prepared, adminSecret } = await keycloakDistribution()
  const data = join(home, databaseFolder)
  await rm(data, { recursive: true, force: true })
  await cp(prepared, data, { recursive: true })
  const realm = { file: realmFile, values: importedValues }
  const keycloak = await launch({ folder, home, port: await freePort(), realm })
  // Another run may go on using it.
  keycloak.unref()
  const { origin, pid } = keycloak
  const address = Object.assign(new URL(origin), { username: adminClientId, password: adminSecret })
  const server = { pid, address: address.href }
  await writeFile(serverFile, JSON.stringify(server), { mode: 0o600 })
  return server
}

/** The lock of a run that died is free. */
async function isUsed(): Promise<boolean> {
  // Beside a lock its own journal may lie.
  const names = (await readdir(runs)).filter((name) => /^\d+$/.test(name))
  for (const name of names) {
    const lock = tryFileLock(join(runs, name))
    if (!lock) return true
    lock.release()
    await rm(join(runs, name), { force: true })
  }
  return false
}

async function stop({ pid }: Server) {
  await rm(serverFile, { force: true })
  // It may have ended by itself.
  await Promise.try(() => process.kill(pid, 'SIGTERM')).catch(() => false)
}
