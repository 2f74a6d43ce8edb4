import { describe, expect, test } from 'bun:test'
import {
  formatCountdown,
  formatDate,
  formatInstant,
  formatMinutes,
  formatRange,
  languageName,
  localDateOf,
  minutesOf,
  sameTime,
  zoneLabel,
} from './format.ts'

const winter = Date.parse('2026-12-01T10:00:00Z')

describe('durations', () => {
  test.each([
    ['PT45M', 45],
    ['PT1H30M', 90],
    ['P2DT12H', 3_600],
    ['P1W', 10_080],
    ['nonsense', 0],
  ])('%s is %d minutes', (duration, minutes) => {
    expect(minutesOf(duration)).toBe(minutes)
  })

  test('are said in the shortest words', () => {
    expect(formatMinutes(45, 'en-GB')).toBe('45 mins')
    expect(formatMinutes(2_880, 'en-GB')).toBe('2 days')
    expect(formatMinutes(1_440, 'en-GB')).toBe('24 hrs')
  })
})

describe('times of the day', () => {
  const nine = '2026-12-01T08:00:00Z'
  test.each([
    ['fr-FR', '09:00', '09:00 – 09:30', 'mar. 1er déc., 09:00'],
    ['en-GB', '09:00', '09:00–09:30', 'Tue 1 Dec, 09:00'],
    ['en-US', '9:00 AM', '9:00 – 9:30 AM', 'Tue, Dec 1, 9:00 AM'],
  ])('read the same in %s alone, in a range and with their day', (tag, time, range, moment) => {
    const place = { tag, timeZone: 'Europe/Paris' }
    const plain = (text: string) => text.replace(/\s/gu, ' ')
    expect(plain(formatInstant(nine, 'time', place))).toBe(time)
    expect(plain(formatRange(nine, '2026-12-01T08:30:00Z', place))).toBe(range)
    expect(plain(formatInstant(nine, 'moment', place))).toBe(moment)
  })
})

describe('countdown', () => {
  test.each([
    [600_000, '10:00'],
    [59_001, '1:00'],
    [9_000, '0:09'],
    [0, '0:00'],
    [-5, '0:00'],
    [3_723_000, '1:02:03'],
  ])('%d ms reads %s', (ms, text) => {
    expect(formatCountdown(ms)).toBe(text)
  })
})

describe('zones', () => {
  test('a late instant belongs to the next day further east', () => {
    expect(localDateOf('2026-11-24T23:30:00Z', 'Europe/Paris')).toBe('2026-11-25')
    expect(localDateOf('2026-11-24T23:30:00Z', 'America/Montreal')).toBe('2026-11-24')
  })

  test('are labelled with their city and the offset in force', () => {
    expect(zoneLabel('America/New_York', 'en-GB', winter)).toBe('New York (GMT-5)')
    expect(zoneLabel('UTC', 'en-GB', winter)).toBe('UTC')
  })

  test('are the same when their clocks agree', () => {
    expect(sameTime('Europe/Paris', 'Europe/Zurich', winter)).toBe(true)
    expect(sameTime('Europe/Paris', 'Europe/London', winter)).toBe(false)
  })

  test('an instant is said in the zone that is asked for', () => {
    const instant = '2026-11-24T09:00:00Z'
    expect(formatInstant(instant, 'time', { tag: 'fr-FR', timeZone: 'Europe/Paris' })).toBe('10:00')
    expect(formatInstant(instant, 'day', { tag: 'fr-FR', timeZone: 'Europe/Paris' })).toBe(
      'mardi 24 novembre',
    )
  })
})

test('the first of a month is an ordinal in French, and nothing else is', () => {
  expect(formatDate('2026-12-01', 'day', 'fr-FR')).toBe('mardi 1er décembre')
  expect(formatDate('2026-12-11', 'day', 'fr-FR')).toBe('vendredi 11 décembre')
  expect(formatDate('2026-12-01', 'day', 'en-GB')).toBe('Tuesday 1 December')
})

test('languages begin with a capital, in the language of the reader', () => {
  expect(languageName('fr', 'fr')).toBe('Français')
  expect(languageName('fr', 'en')).toBe('French')
})

test('what is no language code is shown as it is', () => {
  for (const code of ['e', 'not a code', 'zzzzzzzzzz', ''])
    expect(languageName(code, 'en')).toBe(code)
})
