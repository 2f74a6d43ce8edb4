import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { subgraphs } from '#schema/subgraphs'
import type { Environment } from '../environment.ts'
import { freePort } from '../postgres.ts'
import { offerSessions } from '../testing/coach.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import type { GraphAnswer, Person } from '../testing/person.ts'
import {
  peopleOf,
  shapes,
  type TestSystem,
  testEnvironments,
  testSystem,
  until,
} from '../testing/system.ts'
import { bookedSlot } from '../testing/walk.ts'

/** `displayName` is of users, `nextFreeSlot` of bookings. */
const fromBoth = 'query ($slug: String!) { coach(slug: $slug) { displayName nextFreeSlot } }'

/** Data of the subgraph that answers, and exactly one error for the one that does not. */
function expectPart({ status, body }: GraphAnswer, displayName: string) {
  expect(status).toBe(200)
  expect(body.data).toEqual({ coach: { displayName, nextFreeSlot: null } })
  expect(body.errors).toHaveLength(1)
  expect(body.errors?.[0]).toMatchObject({
    path: ['coach', 'nextFreeSlot'],
    extensions: { code: 'UNAVAILABLE' },
  })
}

const isWhole = ({ body }: GraphAnswer) =>
  body.errors === undefined && Boolean((body.data as { coach: Coach }).coach.nextFreeSlot)

type Coach = { displayName: string; nextFreeSlot: string | null }

describe.each(shapes)('the system %s', (shape) => {
  let it: TestSystem
  let coach: Person
  beforeAll(async () => {
    it = await testSystem({ shape })
    coach = await it.person('Léa Martin', ['COACH'])
    await offerSessions(coach, { slug: 'lea' })
  }, 60_000)
  afterAll(() => it?.stop())

  const ask = () => coach.graph({ query: fromBoth, variables: { slug: 'lea' } })

  test('answers in part while a subgraph is away, with one error, and recovers by itself', async () => {
    expect(isWhole(await ask())).toBe(true)
    const restore = await it.cutOff('bookings')
    expectPart(await ask(), 'Léa Martin')
    await restore()
    await until(async () => isWhole(await ask()))
  }, 30_000)

  test('tells once of a subgraph that is away, however much of the answer hangs on it', async () => {
    const restore = await it.cutOff('users')
    const { body } = await ask()
    expect(body.data).toEqual({ coach: null })
    expect(body.errors).toHaveLength(1)
    expect(body.errors?.[0]).toMatchObject({ path: ['coach'], extensions: { code: 'UNAVAILABLE' } })
    await restore()
    await until(async () => isWhole(await ask()))
  }, 30_000)
})

describe('every service alone, started by its main.ts', () => {
  type Process = { child: Bun.Subprocess; start: () => Promise<void> }
  const processes = new Map<string, Process>()
  let db: TestDatabase
  let people: ReturnType<typeof peopleOf>

  /** A child that is ready when this resolves; the same again after it was killed. */
  async function run(name: string, main: string, env: Environment, ready: string) {
    const start = async () => {
      const child = Bun.spawn([process.execPath, join(root, main)], {
        ...{ cwd: root, env: { ...env, LOG_LEVEL: 'warn' } },
        ...{ stdout: 'ignore', stderr: 'inherit' },
      })
      processes.set(name, { child, start })
      const answers = async () => (await fetch(ready).catch(() => null))?.ok ?? false
      await until(async () => child.exitCode !== null || (await answers()), 30_000)
      expect(child.exitCode).toBeNull()
    }
    await start()
  }

  beforeAll(async () => {
    db = await testDatabase()
    const { environments, ports } = await testEnvironments(db)
    const urls: string[] = []
    for (const { name } of subgraphs) {
      const port = String(await freePort())
      const env = { ...environments[name], PORT: port, METRICS_PORT: '0' }
      urls.push(`${name}=http://127.0.0.1:${port}/graphql`)
      await run(name, `subgraphs/${name}/main.ts`, env, `http://127.0.0.1:${port}/readyz`)
    }
    const origin = `http://localhost:${ports.gateway}`
    const env = {
      ...{ ...environments.gateway, GATEWAY_METRICS_PORT: '0' },
      SUBGRAPH_URLS: urls.join(','),
    }
    await run('gateway', 'gateway/main.ts', env, `${origin}/readyz`)
    people = peopleOf(origin)
  }, 120_000)

  afterAll(async () => {
    for (const { child } of [...processes.values()].reverse()) {
      child.kill('SIGTERM')
      await child.exited
    }
    await db?.drop()
  }, 60_000)

  test('books through the graph', async () => {
    const client = await people.person('Alice')
    expect(await bookedSlot(people, client)).toMatchObject({
      status: 'CONFIRMED',
      coach: { displayName: expect.stringContaining('Coach') },
    })
  }, 60_000)

  test('answers in part after kill -9 of a subgraph, and whole when it is started again', async () => {
    const coach = await people.person('Noé', ['COACH'])
    await offerSessions(coach, { slug: 'noe' })
    const ask = () => coach.graph({ query: fromBoth, variables: { slug: 'noe' } })
    const bookings = processes.get('bookings')
    bookings?.child.kill('SIGKILL')
    await bookings?.child.exited
    expectPart(await ask(), 'Noé')
    await bookings?.start()
    await until(async () => isWhole(await ask()))
  }, 60_000)
})

const root = join(import.meta.dir, '../..')
