import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '#schema/scopes'
import { buildWeb } from '../../web/build.ts'
import {
  type Environment,
  type EnvironmentOptions,
  environmentsOf,
  type KeycloakRealm,
} from '../environment.ts'
import { freePort } from '../ports.ts'
import { newSecrets } from '../secrets.ts'
import { sandboxAccount, startSandboxFor } from '../stripe/account.ts'
import { type System, startSystem } from '../system.ts'
import { testDatabase } from './database.ts'
import { createDoors } from './doors.ts'
import { Person } from './person.ts'

/** The first administrator of a test's system. */
export const adminAccount = { email: 'admin@test.example', password: 'calme-lagune-42' }
const admin = adminAccount
export const testPassword = 'rivage-tranquille-7'

type Options = Partial<Pick<EnvironmentOptions, 'watch'>> & {
  readonly now?: () => Date
  /** The web client takes a second to build; tests without a page leave it out. */
  readonly web?: boolean
  /** How the gateway reaches the subgraphs: in this process, or each on a port of its own. */
  readonly shape?: Shape
  /** Makes the realm that signs people in, for a gateway at that origin, in the place of our own provider. */
  readonly keycloak?: (origin: string) => Promise<KeycloakRealm>
  /** Further settings of every service, made from those it has. */
  readonly settings?: (own: Environment) => Environment
}

/** What may not make a difference to anybody who asks the graph. */
export const shapes = ['in-process', 'networked'] as const
export type Shape = (typeof shapes)[number]

type DatabaseUrls = { url: EnvironmentOptions['databaseUrl'] }

/** Settings of a system on that database and free ports. */
export async function testEnvironments(
  db: DatabaseUrls,
  { watch = true, settings = () => ({}), keycloak }: Options = {},
) {
  const secrets = await newSecrets()
  const ports = {
    ...{ gateway: await freePort(), provider: await freePort() },
    ...{ metrics: await freePort(), stripe: await freePort() },
  }
  const webFolder = join(tmpdir(), `plexus-web-${ports.gateway}`)
  const mailFolder = join(tmpdir(), `plexus-mail-${ports.gateway}`)
  const environments = environmentsOf({
    ...{ secrets, ports, webFolder, admin, watch },
    keycloak: (await keycloak?.(`http://localhost:${ports.gateway}`)) ?? null,
    databaseUrl: db.url,
    stripe: sandboxAccount(secrets, ports.stripe),
    mail: { smtpUrl: null, folder: mailFolder },
    logLevel: 'info',
  })
  for (const own of Object.values(environments)) Object.assign(own, settings(own))
  return { environments, webFolder, mailFolder, secrets, ports }
}

/**
 * The whole system in this process, empty but for its first administrator. Free text is open to browser sessions
 * unless `watch` is false, so that a test may ask what no page asks.
 */
export async function testSystem(options: Options = {}) {
  const db = await testDatabase()
  const { environments, webFolder, mailFolder, secrets, ports } = await testEnvironments(
    db,
    options,
  )
  if (options.web) await buildWeb({ outdir: webFolder })
  const lines: string[] = []
  const now = options.now ?? (() => new Date())
  const stripe = startSandboxFor({
    ...{ secrets, now, port: ports.stripe },
    gatewayPort: ports.gateway,
  })
  const doors = options.shape === 'networked' ? createDoors() : null
  const system = await startSystem({
    ...{ environments, now, write: (line) => void lines.push(line) },
    ...(doors && { openDoor: doors.open }),
  })
  return {
    ...{
      system,
      stripe,
      db,
      secrets,
      ports,
      environments,
      mailFolder,
      lines,
      origin: system.origin,
    },
    ...peopleOf(system.origin),
    /** Cuts a subgraph off, until the function that it gives is called. */
    cutOff: doors ? doors.cutOff : (name: string) => cutOffRoom(system, name),
    stop: async () => {
      await system.stop()
      await stripe.stop()
      await db.drop()
      await rm(mailFolder, { recursive: true, force: true })
    },
  }
}

/** In one process a subgraph that is away is one that throws. */
async function cutOffRoom({ rooms }: System, name: string) {
  const room = rooms.get(name)
  if (!room) throw new Error(`There is no room ${name}.`)
  const { fetch } = room
  room.fetch = () => Promise.reject(new Error('It was cut off.'))
  return async () => {
    room.fetch = fetch
  }
}

export type TestSystem = Awaited<ReturnType<typeof testSystem>>

const provision = `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
  __typename ... on AccountProvisioned { userId } ... on UserError { message path } } }`

type Provisioned = { provisionAccount: { __typename: string; userId: string } }

/** Accounts are made by the first administrator, through the graph. */
export function peopleOf(origin: string) {
  const signIn = (email: string, password = testPassword) =>
    new Person(origin).signIn(email, password)
  const signedInAdmin = () => signIn(admin.email, admin.password)
  let administrator: Promise<Person> | null = null
  let count = 0

  async function account(displayName: string, roles: readonly Role[]) {
    administrator ??= signedInAdmin()
    count += 1
    const email = `person${count}@test.example`
    const input = { email, displayName, roles, password: testPassword, idempotencyKey: email }
    const answer = await (await administrator).ask<Provisioned>(provision, { input })
    if (answer.provisionAccount.__typename !== 'AccountProvisioned') {
      throw new Error(JSON.stringify(answer))
    }
    return { email, userId: answer.provisionAccount.userId }
  }

  return {
    admin: signedInAdmin,
    signIn,
    account,
    /** A new person, signed in, whose profile has arrived. */
    async person(displayName: string, roles: readonly Role[] = ['CLIENT']) {
      const { email } = await account(displayName, roles)
      const person = await signIn(email)
      await until(async () => {
        const { viewer } = await person.ask<{ viewer: { user: object | null } }>(
          '{ viewer { user { id } } }',
        )
        return viewer.user !== null
      })
      return person
    },
  }
}

/** Waits for what happens by itself, and looks every while; throws when it takes too long. */
export async function until(
  holds: () => Promise<boolean>,
  withinMs = 20_000,
  everyMs = 20,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms.`)
    await Bun.sleep(everyMs)
  }
}
