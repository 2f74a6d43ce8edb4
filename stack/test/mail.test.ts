import { afterAll, beforeAll, expect, test } from 'bun:test'
import ICAL from 'ical.js'
import { type ParsedMail, simpleParser } from 'mailparser'
import { holdSlot, offerSessions, slotsOf } from '../testing/coach.ts'
import { lettersIn } from '../testing/letters.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let system: TestSystem

beforeAll(async () => {
  system = await testSystem()
}, 60_000)
afterAll(() => system?.stop())

/** The mails of the laptop's folder, in the order in which they were made, once there are so many. */
async function mails(count: number): Promise<ParsedMail[]> {
  await until(async () => (await lettersIn(system.mailFolder)).length >= count, 30_000)
  return Promise.all((await lettersIn(system.mailFolder)).map((letter) => simpleParser(letter)))
}

function eventIn(mail: ParsedMail) {
  const calendar = new ICAL.Component(ICAL.parse(mail.attachments[0]?.content.toString() ?? ''))
  const event = calendar.getFirstSubcomponent('vevent')
  if (!event) throw new Error('The mail has no event.')
  return { method: calendar.getFirstPropertyValue('method'), event: new ICAL.Event(event) }
}

type Answer<Field extends string> = Record<
  Field,
  { __typename: string; booking: { id: string; version: number; reference: string } }
>
const booking = 'booking { id version reference }'

test('[FC-60] who books and cancels is told by mail, and so is the coach, with the calendar kept', async () => {
  const coach = await system.person('Léa Martin', ['COACH'])
  const { serviceId } = await offerSessions(coach, { slug: 'lea-martin' })
  const client = await system.person('Alice Bernard')
  const [slot] = await slotsOf(client, serviceId, 3)
  const hold = { idempotencyKey: 'mail-test-hold', slotToken: slot?.token }
  const { holdSlot: held } = await client.ask<Answer<'holdSlot'>>(holdSlot, { input: hold })
  const { confirmBooking } = await client.ask<Answer<'confirmBooking'>>(
    `mutation ($input: ConfirmBookingInput!) {
      confirmBooking(input: $input) { __typename ... on BookingConfirmed { ${booking} } } }`,
    { input: { idempotencyKey: 'mail-test-confirm', bookingId: held.booking.id } },
  )
  const { id, version, reference } = confirmBooking.booking
  const confirmed = await mails(2)
  expect(confirmed.map(({ to }) => to?.value[0]?.name).sort()).toEqual([
    'Alice Bernard',
    'Léa Martin',
  ])
  for (const mail of confirmed) {
    const { method, event } = eventIn(mail)
    expect(method).toBe('REQUEST')
    expect(event.startDate.toJSDate()).toEqual(new Date(slot?.start ?? ''))
    expect(event.uid).toBe(`${reference}@plexus`)
    expect(mail.text).toContain(`${system.origin}/bookings/${id}`)
  }
  await client.ask(
    `mutation ($input: CancelInput!) { cancelBooking(input: $input) { __typename } }`,
    {
      input: {
        idempotencyKey: 'mail-test-cancel',
        bookingId: id,
        expectedVersion: version,
        reason: 'Grippe',
      },
    },
  )
  const all = await mails(4)
  const cancelled = all.filter((mail) => eventIn(mail).method === 'CANCEL')
  expect(cancelled).toHaveLength(2)
  for (const mail of cancelled) {
    expect(eventIn(mail).event.sequence).toBeGreaterThan(version)
    expect(mail.text).toContain('Grippe')
  }
}, 60_000)
