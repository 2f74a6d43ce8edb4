import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { database, systemContext } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { type TestDatabase, testDatabase } from '../../../stack/testing/database.ts'
import { until } from '../../../stack/testing/system.ts'
import { localDirectory } from '../account/directory.local.ts'
import { hashPassword } from '../account/password.ts'
import { issueToken } from '../letter/token.ts'
import { spendProof } from '../proof-of-work/queries.ts'
import { insertRequest } from '../request/queries.ts'
import { waitFor } from '../request/rate.ts'
import { createRequests } from '../request/worker.ts'
import { letterKey } from './graph.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const lines: string[] = []
let time = Date.parse('2027-01-04T09:00:00Z')
const now = () => new Date(time)

function requestsOver(directory = localDirectory) {
  const db = database(base.connect('auth'), systemContext)
  const log = createLog({ service: 'auth', level: 'warn', write: (line) => lines.push(line) })
  const requests = createRequests({ db, directory, vault: createVault([letterKey]), now, log })
  const ask = async (email: string) => {
    const passwordHash = await hashPassword('four unrelated warm words')
    const wanted = {
      kind: 'REGISTER',
      email,
      passwordHash,
      displayName: 'Ada',
      locale: 'fr',
    } as const
    await db.write((sql) => insertRequest(sql, wanted, now()))
    requests.ring()
  }
  const isMade = async (email: string) => {
    const [row] = await base.connectAdmin()`select 1 from auth.account where email = ${email}`
    return row !== undefined
  }
  return { db, requests, ask, isMade }
}

test('what a process left behind is done by the next one that starts', async () => {
  const { db, requests, isMade } = requestsOver()
  const passwordHash = await hashPassword('four unrelated warm words')
  const wanted = {
    email: 'left@example.org',
    passwordHash,
    displayName: 'Ada',
    locale: 'fr',
  } as const
  await db.write((sql) => insertRequest(sql, { kind: 'REGISTER', ...wanted }, now()))
  const worker = requests.start()
  await until(() => isMade('left@example.org'))
  await worker.stop()
})

test('a directory that is away is asked again later, and nothing is done by halves', async () => {
  let isAway = true
  const failing = {
    ...localDirectory,
    create: (...given: Parameters<typeof localDirectory.create>) =>
      isAway ? Promise.reject(new Error('away')) : localDirectory.create(...given),
  }
  const { requests, ask, isMade } = requestsOver(failing)
  await ask('later@example.org')
  await until(async () => lines.join().includes('waits; trying again'))
  isAway = false
  requests.ring()
  await ask('other@example.org')
  await until(() => isMade('other@example.org'))
  expect(await isMade('later@example.org')).toBe(false)
  time += 31_000
  requests.ring()
  await until(() => isMade('later@example.org'))
  const told = await base.connectAdmin()`
    select 1 from auth.outbox
    where topic = 'auth.account-provisioned' and payload ->> 'email' = 'later@example.org'`
  expect(told).toHaveLength(1)
})

test('what is over is swept, and what still counts stays', async () => {
  const { db, requests } = requestsOver()
  const personId = crypto.randomUUID()
  await db.write(async (sql) => {
    await issueToken(sql, { personId, purpose: 'VERIFY_EMAIL', at: now() })
    await spendProof(sql, { hash: Buffer.alloc(32, 1), expiresAt: new Date(time + 600_000) })
    await waitFor(sql, { what: 'reset', email: 'a@example.org', at: now() })
  })
  const left = async () => {
    await requests.sweep()
    const [row] = await base.connectAdmin()`
      select (select count(*) from auth.one_time_token where person_id = ${personId}) as tokens,
        (select count(*) from auth.spent_proof) as proofs,
        (select count(*) from auth.request_rate) as rates`
    return row
  }
  expect(await left()).toEqual({ tokens: 1, proofs: 1, rates: 1 })
  time += 2 * 3_600_000
  expect(await left()).toEqual({ tokens: 1, proofs: 0, rates: 0 })
  time += 48 * 3_600_000
  expect(await left()).toEqual({ tokens: 0, proofs: 0, rates: 0 })
})
