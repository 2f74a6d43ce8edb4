import { holdSlot, offerSessions, slotsOf } from './coach.ts'
import type { Person } from './person.ts'

type People = { person(name: string, roles?: readonly ['COACH']): Promise<Person> }
type Booked = { status: string; coach: { displayName: string } }

let coaches = 0

/** A new coach offers a session and `client` books one of its times, each through the graph. */
export async function bookedSlot(people: People, client: Person, at = 0): Promise<Booked> {
  coaches += 1
  const coach = await people.person(`Coach ${coaches}`, ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug: `walk-${coaches}` })
  const slot = (await slotsOf(client, serviceId))[at]
  const { holdSlot: held } = await client.ask<{ holdSlot: { booking: { id: string } } }>(holdSlot, {
    input: { idempotencyKey: crypto.randomUUID(), slotToken: slot?.token },
  })
  const { confirmBooking } = await client.ask<{ confirmBooking: { booking: Booked } }>(
    `mutation ($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
      ... on BookingConfirmed { booking { status coach { displayName } } } } }`,
    { input: { idempotencyKey: crypto.randomUUID(), bookingId: held.booking.id } },
  )
  return confirmBooking.booking
}
