import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { type Invitation, invitationText } from './calendar.ts'

const invitation: Invitation = {
  method: 'REQUEST',
  uid: '7F3K29QX@plexus',
  sequence: 2,
  stampedAt: new Date('2026-11-21T12:00:00.500Z'),
  startsAt: new Date('2026-11-24T09:00:00Z'),
  endsAt: new Date('2026-11-24T09:30:00Z'),
  summary: 'Première séance; calme, enfin · Léa',
  description: 'Référence 7F3K29QX\nhttps://plexus.example/bookings/1',
  location: 'Au cabinet',
  url: 'https://plexus.example/bookings/1',
  organizer: { name: 'Plexus', address: 'no-reply@plexus.example' },
  attendee: { name: 'Alice "Al" Bernard', address: 'alice@example.org' },
}

/** Read by a library that did not write it. */
function read(change: Partial<Invitation> = {}) {
  const text = invitationText({ ...invitation, ...change })
  const calendar = new ICAL.Component(ICAL.parse(text))
  const event = calendar.getFirstSubcomponent('vevent')
  if (!event) throw new Error('There is no event.')
  return { text, calendar, event: new ICAL.Event(event), component: event }
}

describe('an invitation', () => {
  test('tells the instants, the people and the version', () => {
    const { calendar, event, component } = read()
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
    expect(event.startDate.toJSDate()).toEqual(invitation.startsAt)
    expect(event.endDate.toJSDate()).toEqual(invitation.endsAt)
    expect([event.uid, event.sequence]).toEqual(['7F3K29QX@plexus', 2])
    expect(event.summary).toBe(invitation.summary)
    expect(event.description).toBe(invitation.description)
    expect(event.location).toBe('Au cabinet')
    expect(event.organizer).toBe('mailto:no-reply@plexus.example')
    expect(event.attendees.map((attendee) => attendee.getFirstValue())).toEqual([
      'mailto:alice@example.org',
    ])
    expect(event.attendees[0]?.getParameter('cn')).toBe('Alice Al Bernard')
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED')
  })

  test('that is taken back says so under the same name', () => {
    const { calendar, event, component } = read({ method: 'CANCEL', sequence: 3 })
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL')
    expect(component.getFirstPropertyValue('status')).toBe('CANCELLED')
    expect([event.uid, event.sequence]).toEqual(['7F3K29QX@plexus', 3])
  })

  test('has lines of at most 75 octets, all ended by CRLF', () => {
    const { text } = read({ summary: 'é😀'.repeat(150) })
    expect(text.endsWith('\r\n')).toBe(true)
    for (const line of text.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(line).not.toMatch(/[\r\n]/)
    }
  })

  test('gives every text back as it was, and none of them adds a property', () => {
    const noControls = (text: string) => text.replace(/\p{Cc}+/gu, ' ').trim()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (plain, wild) => {
        const summary = `${noControls(plain)}\r\nATTENDEE:mailto:eve@example.org`
        const name = `${wild}"\r\nATTENDEE:mailto:eve@example.org`
        const { event } = read({ summary, attendee: { name, address: 'a@example.org' } })
        expect(event.summary).toBe(summary.replace('\r\n', '\n'))
        expect(event.attendees).toHaveLength(1)
        expect(event.attendees[0]?.getFirstValue()).toBe('mailto:a@example.org')
      }),
    )
  })
})
