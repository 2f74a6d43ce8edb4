import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import { shapes, type TestSystem, testSystem } from '../testing/system.ts'

describe.each(shapes)('the system %s', (shape) => {
  let system: TestSystem

  beforeAll(async () => {
    system = await testSystem({ shape })
  }, 60_000)
  afterAll(() => system?.stop())

  test('[FC-46] a person signs in, finds a coach, holds, books, sees it in their bookings and cancels', async () => {
    const coach = await system.person('Léa Martin', ['COACH'])
    const { serviceId, slug } = await offerSessions(coach, { slug: 'lea-martin' })
    const client = await system.person('Alice Bernard')

    const found = await client.ask<{
      coaches: {
        edges: { node: { displayName: string; services: object; nextFreeSlot: string } }[]
      }
    }>(`{ coaches(filter: { search: "lea" }) { edges { node {
    slug displayName nextFreeSlot services { edges { node { name(locale: "en") coach { displayName } } } }
  } } } }`)
    expect(found.coaches.edges).toEqual([
      {
        node: {
          slug,
          displayName: 'Léa Martin',
          nextFreeSlot: expect.any(String),
          services: {
            edges: [{ node: { name: 'Session', coach: { displayName: 'Léa Martin' } } }],
          },
        },
      },
    ] as never)

    const [slot] = await slotsOf(client, serviceId)
    const input = { idempotencyKey: 'walking-hold', slotToken: slot?.token }
    const held = await client.ask<{ holdSlot: { __typename: string; booking: { id: string } } }>(
      holdSlot,
      { input },
    )
    expect(held.holdSlot.__typename).toBe('SlotHeld')

    const { confirmBooking } = await client.ask<{
      confirmBooking: { __typename: string; booking: { version: number } }
    }>(
      `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
      __typename ... on BookingConfirmed { booking { status version coach { displayName } client { displayName email } } }
    } }`,
      { input: { idempotencyKey: 'walking-confirm', bookingId: held.holdSlot.booking.id } },
    )
    expect(confirmBooking).toMatchObject({
      __typename: 'BookingConfirmed',
      booking: {
        status: 'CONFIRMED',
        coach: { displayName: 'Léa Martin' },
        client: { displayName: 'Alice Bernard' },
      },
    })

    const mine = await client.ask<object>(
      '{ viewer { bookings { edges { node { status startsAt service { name(locale: "fr") } } } } } }',
    )
    expect(mine).toEqual({
      viewer: {
        bookings: {
          edges: [
            { node: { status: 'CONFIRMED', startsAt: slot?.start, service: { name: 'Séance' } } },
          ],
        },
      },
    } as never)

    const { version } = confirmBooking.booking
    const cancelled = await client.ask<object>(
      `mutation ($input: CancelInput!) { cancelBooking(input: $input) {
      __typename ... on BookingCancelled { booking { status } } } }`,
      {
        input: {
          idempotencyKey: 'walking-cancel',
          bookingId: held.holdSlot.booking.id,
          expectedVersion: version,
        },
      },
    )
    expect(cancelled).toEqual({
      cancelBooking: { __typename: 'BookingCancelled', booking: { status: 'CANCELLED_BY_CLIENT' } },
    } as never)
  }, 60_000)

  test('node refetches what each subgraph owns, by id alone', async () => {
    const coach = await system.person('Noé Node', ['COACH'])
    const { coachId, serviceId } = await offerSessions(coach, { slug: 'noe-node' })
    const query = `query ($a: ID!, $b: ID!) {
    coach: node(id: $a) { __typename id ... on Coach { slug nextFreeSlot } }
    service: node(id: $b) { __typename id ... on Service { name coach { slug } } }
  }`
    const found = await coach.ask<Record<string, object>>(query, { a: coachId, b: serviceId })
    expect(found).toMatchObject({
      coach: { __typename: 'Coach', slug: 'noe-node' },
      service: { __typename: 'Service', name: 'Séance', coach: { slug: 'noe-node' } },
    })
  }, 30_000)
})
