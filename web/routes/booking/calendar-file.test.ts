import { expect, test } from 'bun:test'
import { calendarFile } from './calendar-file.ts'

const entry = {
  uid: '7F3K29QX@plexus',
  title: 'Première séance; calme, enfin',
  startsAt: '2026-11-24T09:00:00Z',
  endsAt: '2026-11-24T09:30:00Z',
  description: 'Référence 7F3K29QX\nÀ bientôt',
  url: 'https://plexus.example/bookings/1',
  stampedAt: new Date('2026-11-21T12:00:00Z'),
}

test('an entry has its instants in UTC and its text escaped', () => {
  const lines = calendarFile(entry).split('\r\n')
  expect(lines).toContain('DTSTART:20261124T090000Z')
  expect(lines).toContain('DTEND:20261124T093000Z')
  expect(lines).toContain('SUMMARY:Première séance\\; calme\\, enfin')
  expect(lines).toContain('DESCRIPTION:Référence 7F3K29QX\\nÀ bientôt')
})

test('no line is longer than 75 octets, and unfolding gives the text back', () => {
  const title = 'é'.repeat(200)
  const file = calendarFile({ ...entry, title })
  for (const line of file.split('\r\n'))
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  expect(file.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title}`)
})
