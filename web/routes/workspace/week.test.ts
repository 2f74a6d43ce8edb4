import { describe, expect, test } from 'bun:test'
import { emptyWeek, isSound, nextRange, rulesFrom, type Week, weekFrom } from './week.ts'

const rule = (rrule: string, startLocal: string, duration: string) => ({
  id: rrule + startLocal,
  rrule,
  startLocal,
  duration,
  validFrom: '2026-01-01',
  validTo: null,
})

const withoutIds = (week: Week) =>
  Object.fromEntries(
    Object.entries(week).map(([day, ranges]) => [
      day,
      ranges.map(({ start, end }) => ({ start, end })),
    ]),
  )

describe('a week of hours', () => {
  test('survives the way to rules and back', () => {
    const { week } = weekFrom([
      rule('FREQ=WEEKLY;BYDAY=MO,TU', '09:00', 'PT3H'),
      rule('FREQ=WEEKLY;BYDAY=MO', '14:00', 'PT2H30M'),
    ])
    expect(week.MO).toMatchObject([
      { start: '09:00', end: '12:00' },
      { start: '14:00', end: '16:30' },
    ])
    const rules = rulesFrom(week, '2026-11-21')
    expect(rules.map(({ rrule }) => rrule)).toEqual([
      'FREQ=WEEKLY;BYDAY=MO,TU',
      'FREQ=WEEKLY;BYDAY=MO',
    ])
    expect(weekFrom(rules.map((draft, id) => ({ ...draft, id: String(id) }))).week).toMatchObject(
      withoutIds(week),
    )
  })

  test('leaves rules that it cannot show as they are', () => {
    const odd = rule('FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', '10:00', 'PT1H')
    const { week, others } = weekFrom([odd])
    expect(week).toEqual(emptyWeek())
    expect(others.map(({ rrule }) => rrule)).toEqual([odd.rrule])
  })
})

describe('the hours of a day', () => {
  test.each([
    [[{ start: '09:00', end: '12:00' }], true],
    [[{ start: '12:00', end: '09:00' }], false],
    [
      [
        { start: '14:00', end: '15:00' },
        { start: '09:00', end: '14:00' },
      ],
      true,
    ],
    [
      [
        { start: '09:00', end: '12:00' },
        { start: '11:00', end: '13:00' },
      ],
      false,
    ],
    [[], true],
  ])('%j are sound: %p', (ranges, sound) => {
    expect(isSound(ranges)).toBe(sound)
  })

  test('grow by a range that does not touch the others', () => {
    const morning = nextRange([])
    expect(morning).toMatchObject({ start: '09:00', end: '12:00' })
    expect(isSound([morning, nextRange([morning])])).toBe(true)
  })
})
