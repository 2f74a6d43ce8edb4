import { expect, test } from 'bun:test'
import { ahead, withNews } from './agenda-rules.ts'

const booking = (id: string, startsAt: string, version = 1) => ({
  id,
  startsAt: `2026-11-${startsAt}:00:00Z`,
  endsAt: `2026-11-${startsAt}:45:00Z`,
  version,
})
const nowMs = Date.parse('2026-11-22T12:00:00Z')
const names = (bookings: { id: string; version: number }[]) =>
  bookings.map(({ id, version }) => `${id}${version}`)

test('what came since stands in its place, and what has ended is gone', () => {
  const listed = [booking('over', '22T09'), booking('late', '28T09')]
  const news = new Map([['new', booking('new', '24T09')]])
  expect(names(ahead(withNews(listed, news), nowMs))).toEqual(['new1', 'late1'])
})

test('of two states of one booking the later one is shown, whichever way it came', () => {
  const news = new Map([['a', booking('a', '24T09', 3)]])
  expect(names(withNews([booking('a', '25T09', 2)], news))).toEqual(['a3'])
  expect(names(withNews([booking('a', '26T09', 4)], news))).toEqual(['a4'])
})
