import { expect, test } from 'bun:test'
import type { BookingCard } from '../../graph/fragments.ts'
import { filterOf, orderOf, shownIn, viewFrom } from './views.ts'

const nowMs = Date.parse('2026-11-21T12:30:00Z')

const booking = (id: string, startsAt: string, endsAt: string): BookingCard => ({
  id,
  reference: id,
  seats: 1,
  startsAt,
  endsAt,
  timeZone: 'Europe/Paris',
  status: 'CONFIRMED',
  holdExpiresAt: null,
  canCancelUntil: null,
  canRescheduleUntil: null,
  price: null,
  refundPreview: null,
  version: 1,
  service: { id: 's', name: 'Session', duration: 'PT1H', location: 'ONLINE' },
  coach: { id: 'c', slug: 'c', displayName: 'C' },
})

const bookings = [
  booking('over', '2026-11-21T10:00:00Z', '2026-11-21T11:00:00Z'),
  booking('running', '2026-11-21T12:00:00Z', '2026-11-21T13:00:00Z'),
  booking('next', '2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z'),
  booking('later', '2026-11-25T09:00:00Z', '2026-11-25T10:00:00Z'),
]

test('what is next stands on top, and what runs is still to come', () => {
  expect(orderOf('upcoming')).toBe('NEAREST_FIRST')
  expect(shownIn('upcoming', bookings, nowMs).map(({ id }) => id)).toEqual([
    'running',
    'next',
    'later',
  ])
})

test('only what has ended is past', () => {
  expect(shownIn('past', bookings, nowMs).map(({ id }) => id)).toEqual(['over'])
})

test('the question is the same within an hour, so that its answer is found in the cache', () => {
  expect(filterOf('past', nowMs)).toEqual(filterOf('past', nowMs + 60_000))
})

test('an unknown view is the first one', () => {
  expect(viewFrom('nonsense')).toBe('upcoming')
  expect(viewFrom('past')).toBe('past')
})
