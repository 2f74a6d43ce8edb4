import { afterAll } from 'bun:test'
import { database, systemContext } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { directoryContract } from '../account/directory.contract.ts'
import { localDirectory } from '../account/directory.local.ts'
import { signIn } from '../account/sign-in.ts'
import { createTurns } from '../account/turns.ts'

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
