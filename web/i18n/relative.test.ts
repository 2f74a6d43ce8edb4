import { expect, test } from 'bun:test'
import { formatAgo } from './relative.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['2026-11-21T11:59:40Z', 'now', 'maintenant'],
  ['2026-11-21T12:05:00Z', 'now', 'maintenant'],
  ['2026-11-21T11:59:00Z', '1 minute ago', 'il y a 1 minute'],
  ['2026-11-21T09:01:00Z', '2 hours ago', 'il y a 2 heures'],
  ['2026-11-20T11:00:00Z', 'yesterday', 'hier'],
  ['2026-11-10T12:00:00Z', 'last week', 'la semaine dernière'],
  ['2024-05-01T12:00:00Z', '2 years ago', 'il y a 2 ans'],
])('%s is %s', (instant, english, french) => {
  expect(formatAgo(instant, now, 'en-GB')).toBe(english)
  expect(formatAgo(instant, now, 'fr-FR').replaceAll(' ', ' ')).toBe(french)
})
