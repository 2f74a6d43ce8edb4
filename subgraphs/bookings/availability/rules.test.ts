import { describe, expect, test } from 'bun:test'
import { exceptionsMax, type HoursInput, hoursFault, recurrenceFault, uncovered } from './rules.ts'
import type { HoursRule } from './windows.ts'

const rule: HoursRule = {
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU',
  startLocal: '09:00',
  minutes: 480,
  validFrom: '2027-01-01',
  validTo: null,
}
const hours = (change: Partial<HoursInput>): HoursInput => ({
  timeZone: 'Europe/Paris',
  rules: [rule],
  exceptions: [],
  ...change,
})

describe('recurrenceFault', () => {
  test.each([
    'FREQ=WEEKLY;BYDAY=MO,TU',
    'FREQ=WEEKLY',
    'FREQ=DAILY;INTERVAL=3',
    'FREQ=MONTHLY;BYDAY=1MO,-1FR',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=WEEKLY;WKST=SU;BYDAY=SA',
  ])('accepts %s', (rrule) => {
    expect(recurrenceFault(rrule, '2027-01-01')).toBeNull()
  })

  test.each([
    '',
    'hello',
    'FREQ=NEVER',
    'FREQ=SECONDLY',
    'FREQ=HOURLY;INTERVAL=1',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=WEEKLY;INTERVAL=0',
    'FREQ=WEEKLY;INTERVAL=-1',
    'FREQ=WEEKLY;COUNT=3',
    'FREQ=WEEKLY;UNTIL=20270101T000000Z',
    'FREQ=WEEKLY;FOO=1',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=WEEKLY\nEXDATE:20270101',
    'DTSTART:20270101T000000Z\nRRULE:FREQ=WEEKLY',
    `FREQ=WEEKLY;BYDAY=${'MO,'.repeat(100)}TU`,
  ])('refuses %p in a sentence', (rrule) => {
    expect(recurrenceFault(rrule, '2027-01-01')).toEndWith('.')
  })
})

describe('hoursFault', () => {
  test('is null for hours that can be kept', () => {
    const exceptions = [
      { date: '2027-05-01', closed: true, ranges: [] },
      { date: '2027-05-02', closed: false, ranges: [{ start: '20:00', end: '00:00' }] },
    ]
    expect(hoursFault(hours({ exceptions }))).toBeNull()
  })

  const exception = {
    date: '2027-03-28',
    closed: false,
    ranges: [{ start: '09:00', end: '10:00' }],
  }
  test.each([
    [{ rules: [{ ...rule, rrule: 'FREQ=NEVER' }] }, ['rules', '0', 'rrule']],
    [{ rules: [rule, { ...rule, minutes: 1441 }] }, ['rules', '1', 'duration']],
    [{ rules: [{ ...rule, minutes: 4 }] }, ['rules', '0', 'duration']],
    [{ rules: [{ ...rule, validTo: '2026-12-31' }] }, ['rules', '0', 'validTo']],
    [{ rules: Array(51).fill(rule) }, ['rules']],
    [{ exceptions: Array(exceptionsMax + 1).fill(exception) }, ['exceptions']],
    [{ exceptions: [exception, exception] }, ['exceptions', '1', 'date']],
    [{ exceptions: [{ ...exception, closed: true }] }, ['exceptions', '0', 'ranges']],
    [{ exceptions: [{ ...exception, ranges: [] }] }, ['exceptions', '0', 'ranges']],
    [
      { exceptions: [{ ...exception, ranges: [{ start: '10:00', end: '10:00' }] }] },
      ['exceptions', '0', 'ranges'],
    ],
    [
      { exceptions: [{ ...exception, ranges: Array(13).fill({ start: '10:00', end: '11:00' }) }] },
      ['exceptions', '0', 'ranges'],
    ],
    // The clock skips 02:00 to 03:00 on that day.
    [
      { exceptions: [{ ...exception, ranges: [{ start: '02:30', end: '05:00' }] }] },
      ['exceptions', '0', 'ranges'],
    ],
  ])('names the path of the fault in %j', (change, path) => {
    expect(hoursFault(hours(change))).toMatchObject({ __typename: 'ValidationError', path })
  })
})

describe('uncovered', () => {
  const session = (startsAt: string, endsAt: string) => ({
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
  })

  test('names the sessions that stick out of the hours', () => {
    const inside = session('2027-06-07T07:00Z', '2027-06-07T08:00Z')
    const early = session('2027-06-07T06:30Z', '2027-06-07T07:30Z')
    const otherDay = session('2027-06-09T07:00Z', '2027-06-09T08:00Z')
    expect(uncovered(hours({}), [inside, early, otherDay])).toEqual([early, otherDay])
    expect(uncovered(hours({}), [])).toEqual([])
  })
})
