import { afterAll, beforeAll, expect, test } from 'bun:test'
import { fromGlobalId } from '#kit/id'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import type { Person } from '../testing/person.ts'
import { payAt } from '../testing/stripe.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let it: TestSystem
let passed = 0
const pass = (minutes: number) => {
  passed += minutes * 60_000
}

beforeAll(async () => {
  it = await testSystem({ now: () => new Date(Date.now() + passed) })
}, 60_000)
afterAll(() => it?.stop())

const setPrice = `mutation ($input: SetServicePriceInput!) { setServicePrice(input: $input) {
  __typename ... on ServicePriced { service { price { amount currency } coach { displayName } } } } }`
const startCheckout = `mutation ($input: StartCheckoutInput!) { startCheckout(input: $input) {
  __typename ... on CheckoutStarted { redirectUrl payment { status } } ... on UserError { message } } }`
const bookingQuery = `query ($id: ID!) { booking(id: $id) {
  status version price { amount } refundPreview { percent amount { amount } }
  payment { id status amount { amount currency } refunded { amount } booking { reference } } } }`
const cancelBooking = `mutation ($input: CancelInput!) { cancelBooking(input: $input) {
  __typename ... on UserError { message } } }`

type Booking = {
  status: string
  version: number
  price: { amount: number } | null
  refundPreview: object | null
  payment: { id: string; status: string; refunded: { amount: number } } | null
}

const read = async (person: Person, id: string) =>
  (await person.ask<{ booking: Booking }>(bookingQuery, { id })).booking

const becomes = (person: Person, id: string, [booking, payment]: [string, string]) =>
  until(async () => {
    const { status, payment: paid } = await read(person, id)
    return status === booking && paid?.status === payment
  })

/** A coach whose sessions cost 45 €, known to everybody concerned. */
async function pricedSessions(slug: string) {
  const coach = await it.person('Léa Martin', ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug })
  const input = { serviceId, amount: 4_500 }
  expect(await coach.ask<object>(setPrice, { input })).toMatchObject({
    setServicePrice: {
      service: {
        price: { amount: 4_500, currency: 'EUR' },
        coach: { displayName: 'Léa Martin' },
      },
    },
  })
  const sql = it.db.connectAdmin()
  const id = fromGlobalId('Service', serviceId)
  await until(async () => {
    const rows = await sql`select true from bookings.service_price where service_id = ${id}`
    return rows.length === 1
  })
  return { coach, serviceId }
}

async function hold(person: Person, serviceId: string): Promise<string> {
  // Days from now: cancelled so early, everything goes back, and minutes of waiting do not matter.
  const slot = (await slotsOf(person, serviceId)).at(-1)
  const input = { idempotencyKey: crypto.randomUUID(), slotToken: slot?.token }
  const { holdSlot: held } = await person.ask<{ holdSlot: { booking?: { id: string } } }>(
    holdSlot,
    { input },
  )
  if (!held.booking) throw new Error(JSON.stringify(held))
  return held.booking.id
}

async function checkout(person: Person, bookingId: string): Promise<string> {
  const input = { idempotencyKey: crypto.randomUUID(), bookingId }
  const { startCheckout: started } = await person.ask<{ startCheckout: { redirectUrl?: string } }>(
    startCheckout,
    { input },
  )
  if (!started.redirectUrl) throw new Error(JSON.stringify(started))
  return started.redirectUrl
}

test('[FC-30] a person books, pays on the page, is confirmed, cancels and has the money back', async () => {
  const { serviceId } = await pricedSessions('lea-paid')
  const client = await it.person('Alice Bernard')
  const id = await hold(client, serviceId)
  expect(await read(client, id)).toMatchObject({ status: 'HELD', price: { amount: 4_500 } })
  const back = await payAt(await checkout(client, id), 'good')
  expect(back).toBe(`${it.origin}/bookings/${id}/result`)
  await becomes(client, id, ['CONFIRMED', 'SUCCEEDED'])

  const { version, refundPreview } = await read(client, id)
  expect(refundPreview).toEqual({ percent: 100, amount: { amount: 4_500 } })
  const input = { idempotencyKey: 'payment-cancel', bookingId: id, expectedVersion: version }
  expect(await client.ask<object>(cancelBooking, { input })).toEqual({
    cancelBooking: { __typename: 'BookingCancelled' },
  })
  await becomes(client, id, ['CANCELLED_BY_CLIENT', 'REFUNDED'])
  expect((await read(client, id)).payment).toMatchObject({ refunded: { amount: 4_500 } })
}, 60_000)

test('nobody is confirmed who has not paid', async () => {
  const { serviceId } = await pricedSessions('lea-unpaid')
  const client = await it.person('Bob Taylor')
  const bookingId = await hold(client, serviceId)
  const input = { idempotencyKey: 'unpaid-confirm', bookingId }
  const answer = await client.ask<object>(
    `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
      __typename ... on UserError { message } } }`,
    { input },
  )
  expect(answer).toEqual({
    confirmBooking: { __typename: 'ConflictError', message: 'The booking is not paid yet.' },
  })
}, 60_000)

test('money that comes late takes the slot again while it is free', async () => {
  const { serviceId } = await pricedSessions('lea-late')
  const client = await it.person('Chloé Late')
  const id = await hold(client, serviceId)
  const page = await checkout(client, id)
  it.stripe.delivery.hold()
  await payAt(page, 'good')
  pass(11)
  expect((await read(client, id)).status).toBe('EXPIRED')
  await it.stripe.delivery.release()
  await becomes(client, id, ['CONFIRMED', 'SUCCEEDED'])
}, 60_000)

test('money that comes too late goes back in full, and whoever has the slot keeps it', async () => {
  const { serviceId } = await pricedSessions('lea-gone')
  const [late, next] = [await it.person('Dan Late'), await it.person('Eve Next')]
  const id = await hold(late, serviceId)
  const page = await checkout(late, id)
  it.stripe.delivery.hold()
  await payAt(page, 'good')
  pass(11)
  const taken = await hold(next, serviceId)
  await it.stripe.delivery.release({ copies: 3, shuffled: true })
  await becomes(late, id, ['EXPIRED', 'REFUNDED'])
  expect((await read(next, taken)).status).toBe('HELD')
  // Neither of the two sees the other's booking, or its money.
  expect((await next.graph({ query: bookingQuery, variables: { id } })).body.data).toEqual({
    booking: null,
  })
}, 60_000)

test('a payment and a price are read across subgraphs, and refetched by id', async () => {
  const { coach, serviceId } = await pricedSessions('lea-node')
  const client = await it.person('Fay Node')
  const id = await hold(client, serviceId)
  await checkout(client, id)
  const { payment } = await read(client, id)
  const query = `query ($id: ID!) { node(id: $id) { ... on Payment { status booking { status } } } }`
  expect(await client.ask<object>(query, { id: payment?.id })).toEqual({
    node: { status: 'REQUIRES_ACTION', booking: { status: 'HELD' } },
  })
  expect((await read(coach, id)).payment?.id).toBe(payment?.id ?? '')
  const support = await it.person('Sam Support', ['SUPPORT'])
  const { payments } = await support.ask<{ payments: { totalCount: number } }>(
    '{ payments(first: 2) { totalCount edges { node { booking { reference service { name } } } } } }',
  )
  expect(payments.totalCount).toBeGreaterThan(1)
}, 60_000)
