import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { offerSessions } from '../testing/coach.ts'
import type { GraphAnswer, Person } from '../testing/person.ts'
import { testProcesses } from '../testing/processes.ts'
import { shapes, type TestSystem, testSystem, until } from '../testing/system.ts'
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
  let it: Awaited<ReturnType<typeof testProcesses>>
  beforeAll(async () => {
    it = await testProcesses()
  }, 120_000)
  afterAll(() => it?.stop(), 60_000)

  test('books through the graph', async () => {
    const client = await it.person('Alice')
    expect(await bookedSlot(it, client)).toMatchObject({
      status: 'CONFIRMED',
      coach: { displayName: expect.stringContaining('Coach') },
    })
  }, 60_000)

  test('[KG-29] tells that it lives and that it is ready, whichever service is asked', async () => {
    expect([...it.origins.keys()].sort()).toEqual([
      ...['auth', 'billing', 'bookings', 'gateway', 'users'],
    ])
    for (const [name, origin] of it.origins) {
      const [live, ready] = await Promise.all(
        ['/healthz', '/readyz'].map((path) => fetch(`${origin}${path}`)),
      )
      expect([name, live?.status, ready?.status]).toEqual([name, 200, 200])
      expect(await live?.json()).toEqual({ status: 'ok' })
      expect(await ready?.json()).toMatchObject({
        ...{ status: 'ready', checks: { [name === 'gateway' ? 'database' : 'postgres']: 'ok' } },
      })
    }
  })

  test('[FC-41] a subgraph refuses whoever comes without a token of the gateway', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const forged = `Bearer ${[{ alg: 'none' }, { sub: '1' }, ''].map((part) => btoa(JSON.stringify(part))).join('.')}`
    for (const [name, origin] of it.origins) {
      if (name === 'gateway') continue
      for (const authorization of [null, forged]) {
        const headers = {
          'content-type': 'application/json',
          ...(authorization && { authorization }),
        }
        const { status } = await fetch(`${origin}/graphql`, { method: 'POST', headers, body })
        expect([name, status]).toEqual([name, 401])
      }
    }
  })

  test('answers in part after kill -9 of a subgraph, and whole when it is started again', async () => {
    const coach = await it.person('Noé', ['COACH'])
    await offerSessions(coach, { slug: 'noe' })
    const ask = () => coach.graph({ query: fromBoth, variables: { slug: 'noe' } })
    await it.kill('bookings')
    expectPart(await ask(), 'Noé')
    await it.start('bookings')
    await until(async () => isWhole(await ask()))
  }, 60_000)
})
