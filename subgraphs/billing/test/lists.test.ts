import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { Harness, key, type Payment } from './harness.ts'

let it: Harness
let payments: Payment[]
beforeAll(async () => {
  it = await Harness.start()
  payments = []
  for (let count = 0; count < 5; count += 1) {
    it.pass(1)
    const { payment } = count % 2 ? await it.paid() : await it.started()
    payments.push(payment)
  }
}, 30_000)
afterAll(() => it.stop())

const query = `query ($first: Int, $after: String, $filter: PaymentFilter) {
  payments(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { id status booking { id } } } } }`

type Listed = {
  payments: {
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string }
    edges: { node: { id: string; status: string } }[]
  }
}

const support = viewerWith(['SUPPORT'])
const list = async (variables: object = {}, viewer = support) =>
  dataOf<Listed>(await it.ask(viewer, query, variables)).payments
const idsOf = ({ edges }: Listed['payments']) => edges.map(({ node }) => node.id)

describe('the list of payments', () => {
  test('is newest first, page by page, with a count', async () => {
    const first = await list({ first: 3 })
    const second = await list({ first: 3, after: first.pageInfo.endCursor })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(payments.map(({ id }) => id).toReversed())
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } })
    expect(second.pageInfo.hasNextPage).toBe(false)
  })

  test('is narrowed by status and by when a payment began', async () => {
    expect(idsOf(await list({ filter: { status: ['SUCCEEDED'] } }))).toHaveLength(2)
    const from = '2027-06-07T06:02:00Z'
    const to = '2027-06-07T06:04:00Z'
    const between = await list({ filter: { from, to } })
    expect(idsOf(between)).toEqual([payments[2]?.id ?? '', payments[1]?.id ?? ''])
    expect(between.totalCount).toBe(2)
  })

  test('is for whoever keeps the books', async () => {
    await expect(list({}, viewerWith(['COACH']))).rejects.toThrow('FORBIDDEN')
    const foreign = Buffer.from(JSON.stringify(['x', key()])).toString('base64url')
    await expect(list({ after: foreign })).rejects.toThrow('BAD_USER_INPUT')
  })
})

test('the payments of fifty bookings cost as many statements as that of one', async () => {
  const refsOf = (count: number) =>
    Array.from({ length: count }, () => ({
      __typename: 'Booking',
      id: toGlobalId('Booking', key()),
    }))
  const entities =
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Booking { payment { id } } } }'
  const count = async (bookings: number) => {
    // The workers ask all the time: what counts is what reads payments for a list of bookings.
    it.statements.length = 0
    await it.ask(support, entities, { refs: refsOf(bookings) })
    return it.statements.filter((text) => text.includes('distinct on (booking_id)')).length
  }
  expect([await count(1), await count(50)]).toEqual([1, 1])
})

test('a payment is refetched by its reference', async () => {
  const [payment] = payments
  const refs = [
    { __typename: 'Payment', id: payment?.id },
    { __typename: 'Payment', id: 'nothing' },
  ]
  const entities =
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Payment { id booking { id } } } }'
  const { body } = await it.ask(support, entities, { refs })
  expect(body.data).toMatchObject({ _entities: [{ id: payment?.id ?? '' }, null] })
})
