import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { type Asked, dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, today, type Viewer } from './harness.ts'

let it: Harness
let coaches: { coach: Viewer; coachId: string; serviceId: string }[]
const client = viewerWith(['CLIENT'])
const admin = viewerWith(['SUPPORT'])

beforeAll(async () => {
  it = await Harness.start()
  it.setClock(today)
  coaches = await Promise.all(
    Array.from({ length: 50 }, () => it.coachWithService({ step: 'PT1H', horizon: 'P20D' })),
  )
  // One booking of the client with each coach, each at an hour of its own.
  for (const [index, { serviceId }] of coaches.entries()) {
    const start = Date.parse('2027-06-08T07:00:00Z') + (index % 8) * 3_600_000
    const day = Math.floor(index / 8)
    const at = start + (day + (day > 3 ? 2 : 0)) * 86_400_000
    await it.booked(serviceId, new Date(at).toISOString(), client)
  }
}, 60_000)
afterAll(() => it.stop())

const statementsOf = async (viewer: Viewer | null, query: string, variables = {}) => {
  it.statements = []
  const { body } = await it.ask(viewer, query, variables)
  expect(body.errors).toBeUndefined()
  return it.statements.length
}

const booking = 'id reference status canCancelUntil service { id name coach { id } } coach { id }'
const coachFields = `
  services(first: 3) { edges { node { id name } } }
  availability { version timeZone rules { rrule } exceptions(from: "2027-01-01", to: "2027-12-31") { date } }
  nextFreeSlot
  bookings(first: 5) { totalCount edges { node { ${booking} } } }`
const entities = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Coach { id ${coachFields} }
  ... on Service { id name coach { id nextFreeSlot } }
  ... on Booking { ${booking} }
} }`

describe('the number of SQL statements is the same for 1 and for 50', () => {
  test.each([
    ['services', `services(first: $n) { edges { node { id name coach { id ${coachFields} } } } }`],
    [
      'bookings',
      `bookings(first: $n) { totalCount edges { node { ${booking} coach { nextFreeSlot } } } }`,
    ],
  ])('nodes of %s', async (name, selection) => {
    const query = `query ($n: Int!) { ${selection} }`
    const { body } = await it.ask(admin, query, { n: 50 })
    expect(Object(body.data)[name].edges).toHaveLength(50)
    expect(await statementsOf(admin, query, { n: 50 })).toBe(
      await statementsOf(admin, query, { n: 1 }),
    )
  })

  test.each(['Coach', 'Service', 'Booking'] as const)('references to a %s', async (type) => {
    const { bookings } = dataOf<{ bookings: Page }>(
      await it.ask(client, '{ bookings(first: 50) { edges { node { id startsAt } } } }'),
    )
    const ids = {
      Coach: coaches.map(({ coachId }) => coachId),
      Service: coaches.map(({ serviceId }) => serviceId),
      Booking: bookings.edges.map(({ node }) => node.id),
    }[type]
    const r = ids.map((id) => ({ __typename: type, id }))
    expect(r).toHaveLength(50)
    const many = await statementsOf(admin, entities, { r })
    expect(many).toBe(await statementsOf(admin, entities, { r: r.slice(0, 1) }))
  })

  test("nodes of a viewer's and of a coach's own bookings", async () => {
    const query = `query ($r: [_Any!]!, $n: Int!) { _entities(representations: $r) { ... on Viewer {
      bookings(first: $n) { totalCount edges { node { ${booking} } } } } } }`
    const r = [{ __typename: 'Viewer', id: toGlobalId('Viewer', client.id) }]
    const { body } = await it.ask(client, query, { r, n: 50 })
    expect(Object(body.data)._entities[0].bookings.edges).toHaveLength(50)
    const count = (n: number) => statementsOf(client, query, { r, n })
    expect(await count(50)).toBe(await count(1))
  })
})

type Page = {
  edges: { node: { id: string; startsAt: string } }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string }
  totalCount: number
}
const list = `query ($first: Int, $after: String, $filter: BookingFilter, $order: BookingOrder) {
  bookings(first: $first, after: $after, filter: $filter, order: $order) {
    edges { node { id startsAt } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }`
const pageOf = (asked: Asked) => dataOf<{ bookings: Page }>(asked).bookings

describe('pages', () => {
  test.each([
    [null, 'newest start first'],
    ['NEAREST_FIRST', 'nearest start first'],
  ])('of bookings in order %s join without a gap or a repeat, %s', async (order) => {
    const seen: Page['edges'][number]['node'][] = []
    let after: string | null = null
    do {
      const page: Page = pageOf(await it.ask(client, list, { first: 7, after, order }))
      expect(page.totalCount).toBe(50)
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
      seen.push(...page.edges.map(({ node }) => node))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(50)
    const starts = seen.map(({ startsAt }) => startsAt)
    const nearest = [...starts].sort()
    expect(starts).toEqual(order ? nearest : nearest.reverse())
  })

  test('of who is a coach and a client have both sides once, and nobody else', async () => {
    const [one, other] = coaches
    if (!one || !other) throw new Error('There are no coaches.')
    const at = (day: number) => `2027-06-${day}T07:00:00.000Z`
    await it.booked(other.serviceId, at(21), one.coach)
    await it.booked(one.serviceId, at(22), one.coach)
    const starts: string[] = []
    let after: string | null = null
    do {
      const page: Page = pageOf(await it.ask(one.coach, list, { first: 1, after }))
      expect(page.totalCount).toBe(3)
      starts.push(...page.edges.map(({ node }) => node.startsAt))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(starts).toEqual([at(22), at(21), '2027-06-08T07:00:00.000Z'])
    expect(pageOf(await it.ask(admin, list, { first: 1 })).totalCount).toBe(52)
  })

  test("a viewer's next booking is the first of those from now on", async () => {
    const query = `query ($r: [_Any!]!, $from: DateTime!) { _entities(representations: $r) {
      ... on Viewer { bookings(first: 1, order: NEAREST_FIRST, filter: { from: $from }) {
        edges { node { startsAt } } } } } }`
    const r = [{ __typename: 'Viewer', id: toGlobalId('Viewer', client.id) }]
    const { body } = await it.ask(client, query, { r, from: '2027-06-09T08:30:00Z' })
    const [viewer] = Object(body.data)._entities
    expect(viewer.bookings.edges).toEqual([{ node: { startsAt: '2027-06-09T08:00:00.000Z' } }])
  })

  test('of services join without a gap or a repeat', async () => {
    const query = `query ($after: String) { services(first: 20, after: $after) {
      edges { node { id } } pageInfo { hasNextPage endCursor } } }`
    const seen: string[] = []
    let after: string | null = null
    do {
      const { services }: { services: Page } = dataOf(await it.ask(null, query, { after }))
      seen.push(...services.edges.map(({ node }) => node.id))
      after = services.pageInfo.hasNextPage ? services.pageInfo.endCursor : null
    } while (after)
    expect(new Set(seen).size).toBe(50)
    expect(seen).toHaveLength(50)
  })

  test.each([
    [{ first: 0 }, '`first` must be between'],
    [{ first: 101 }, '`first` must be between'],
    [{ after: 'nonsense' }, '`after` is not a cursor'],
    [
      {
        after: Buffer.from('["Zoé","0197f7a0-0000-7000-8000-000000000001"]').toString('base64url'),
      },
      '`after` is a cursor of another list',
    ],
  ])('asked with %j are refused', async (page, message) => {
    const { body } = await it.ask(client, list, page)
    expect(body.errors?.[0]?.message).toContain(message)
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('a cursor that was tampered with is refused, and nothing breaks', async () => {
    const uuid = '0197f7a0-0000-7000-8000-000000000001'
    for (const cursor of [
      ['2027-01-01T00:00:00Z', 'drop'],
      ['1', uuid],
      ['0000-01-01T00:00:00Z', uuid],
    ]) {
      const after = Buffer.from(JSON.stringify(cursor)).toString('base64url')
      const { body } = await it.ask(client, list, { after })
      expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
  })
})

describe('the filter of bookings', () => {
  const countWith = async (filter: Record<string, unknown>, viewer = client) =>
    pageOf(await it.ask(viewer, list, { filter })).totalCount

  test('takes status, time and service together', async () => {
    const serviceId = coaches[0]?.serviceId
    expect(await countWith({ serviceId })).toBe(1)
    expect(await countWith({ serviceId: 'nonsense' })).toBe(0)
    expect(await countWith({ status: ['HELD'] })).toBe(0)
    expect(await countWith({ status: ['CONFIRMED', 'HELD'] })).toBe(50)
    expect(await countWith({ status: [] })).toBe(0)
    const day = { from: '2027-06-08T00:00:00Z', to: '2027-06-09T00:00:00Z' }
    expect(await countWith(day)).toBe(8)
    expect(await countWith({ ...day, serviceId, status: ['CONFIRMED'] })).toBe(1)
    // A session that has begun and not ended touches the instant.
    const touching = { from: '2027-06-08T07:30:00Z', to: '2027-06-08T07:31:00Z' }
    expect(await countWith(touching)).toBe(1)
  })

  test('finds an overdue hold under EXPIRED, as it reads', async () => {
    it.setClock(today)
    const other = viewerWith(['CLIENT'])
    await it.held(coaches[0]?.serviceId ?? '', '2027-06-18T07:00:00.000Z', other)
    expect(await countWith({ status: ['HELD'] }, other)).toBe(1)
    it.pass(10)
    expect(await countWith({ status: ['HELD'] }, other)).toBe(0)
    expect(await countWith({ status: ['EXPIRED'] }, other)).toBe(1)
    it.setClock(today)
  })
})

test("a viewer's entity is only ever oneself", async () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on Viewer { bookings { totalCount } } } }`
  const r = [{ __typename: 'Viewer', id: toGlobalId('Viewer', client.id) }]
  const { body } = await it.ask(viewerWith(['CLIENT']), query, { r })
  expect(body.data).toEqual({ _entities: [null] })
})

test("a list of a coach's bookings needs the scope", async () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on Coach { bookings { totalCount } } } }`
  const r = [{ __typename: 'Coach', id: coaches[0]?.coachId }]
  const { body } = await it.ask(client, query, { r })
  expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
})
