import { afterAll, beforeAll, describe } from 'bun:test'
import { database, systemContext } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { keycloakMissing } from '../../../stack/testing/keycloak.ts'
import { type TestRealm, testRealm } from '../../../stack/testing/keycloak-realm.ts'
import { directoryContract } from '../account/directory.contract.ts'
import { keycloakDirectory } from '../account/directory.keycloak.ts'
import { localDirectory } from '../account/directory.local.ts'
import { signIn } from '../account/sign-in.ts'
import { createTurns } from '../account/turns.ts'
import { keycloakAdmin } from '../keycloak/admin.ts'

let base: TestDatabase | null = null
afterAll(() => base?.drop())

directoryContract('local', async () => {
  base = await testDatabase()
  const db = database(base.connect('auth'), systemContext)
  const deps = { db, turns: createTurns(), now: () => new Date() }
  return {
    directory: localDirectory,
    write: (work) => db.write(work),
    maySignIn: async (email, password) =>
      (await signIn(deps, { email, password })).outcome === 'signed-in',
  }
})

const missing = keycloakMissing(process.env.CI === 'true')

describe.skipIf(missing !== null)(missing ? `Keycloak (${missing})` : 'Keycloak', () => {
  let keycloak: TestRealm
  beforeAll(async () => {
    keycloak = await testRealm({ origin: 'http://localhost:3999', countsFailures: false })
  }, 120_000)
  afterAll(() => keycloak?.drop())

  directoryContract('of Keycloak', async () => {
    const { name, origin, accounts, passwordOpens } = keycloak
    base ??= await testDatabase()
    const db = database(base.connect('auth'), systemContext)
    const admin = keycloakAdmin({
      ...{ origin, realm: name, now: () => new Date() },
      ...{ clientId: accounts.id, clientSecret: accounts.secret },
    })
    return {
      directory: keycloakDirectory(admin, name),
      write: (work) => db.write(work),
      maySignIn: passwordOpens,
    }
  })
})
