import { describe, expect, test } from 'bun:test'
import { type Hours, type HoursRule, instantAt, merged, windowsOf } from './windows.ts'

const paris = 'Europe/Paris'
const at = (text: string) => Date.parse(text)
const span = (from: string, to: string) => ({ start: at(from), end: at(to) })
const shown = (hours: Hours, from: string, to: string) =>
  windowsOf(hours, span(from, to)).map(({ start, end }) =>
    [start, end].map((instant) => new Date(instant).toISOString().slice(0, 16)).join('/'),
  )

const rule = (change: Partial<HoursRule> = {}): HoursRule => ({
  rrule: 'FREQ=DAILY',
  startLocal: '09:00',
  minutes: 60,
  validFrom: '2027-01-01',
  validTo: null,
  ...change,
})
const hours = (change: Partial<Hours> = {}): Hours => ({
  timeZone: paris,
  rules: [rule()],
  exceptions: [],
  ...change,
})

describe('wall time over a clock change', () => {
  // Paris skips 02:00 to 03:00 on 28 March 2027 and repeats it on 31 October 2027.
  test.each([
    ['2027-03-27', '09:00', '2027-03-27T08:00:00Z'],
    ['2027-03-28', '09:00', '2027-03-28T07:00:00Z'],
    ['2027-03-28', '01:59', '2027-03-28T00:59:00Z'],
    ['2027-03-28', '02:00', null],
    ['2027-03-28', '02:59', null],
    ['2027-03-28', '03:00', '2027-03-28T01:00:00Z'],
    ['2027-10-30', '09:00', '2027-10-30T07:00:00Z'],
    ['2027-10-31', '02:30', '2027-10-31T00:30:00Z'],
    ['2027-10-31', '09:00', '2027-10-31T08:00:00Z'],
  ])('%s %s in Paris is %s', (date, time, expected) => {
    expect(instantAt(date, time, paris)).toBe(expected === null ? null : at(expected))
  })

  test('09:00 in Paris stays 09:00: 08:00Z before 28 March 2027, 07:00Z from it', () => {
    expect(shown(hours(), '2027-03-27T00:00Z', '2027-03-29T00:00Z')).toEqual([
      '2027-03-27T08:00/2027-03-27T09:00',
      '2027-03-28T07:00/2027-03-28T08:00',
    ])
  })

  test('a rule whose start the clock skips does not open on that day', () => {
    const night = hours({ rules: [rule({ startLocal: '02:30' })] })
    expect(shown(night, '2027-03-27T00:00Z', '2027-03-29T12:00Z')).toEqual([
      '2027-03-27T01:30/2027-03-27T02:30',
      '2027-03-29T00:30/2027-03-29T01:30',
    ])
  })

  test('a rule over the repeated hour begins with the first of the two and lasts its duration', () => {
    const night = hours({ rules: [rule({ startLocal: '02:30', minutes: 120 })] })
    expect(shown(night, '2027-10-31T00:00Z', '2027-10-31T12:00Z')).toEqual([
      '2027-10-31T00:30/2027-10-31T02:30',
    ])
  })

  test('a zone half an hour off and one that skips at midnight keep their wall time', () => {
    expect(instantAt('2027-06-01', '09:00', 'Asia/Kolkata')).toBe(at('2027-06-01T03:30Z'))
    // Beirut skips 00:00 to 01:00.
    expect(instantAt('2027-03-28', '00:30', 'Asia/Beirut')).toBeNull()
  })
})

describe('windows', () => {
  test('come from the recurrence, inside the days for which the rule is valid', () => {
    const some = hours({
      rules: [
        rule({
          rrule: 'FREQ=WEEKLY;BYDAY=MO,WE',
          validFrom: '2027-06-07',
          validTo: '2027-06-14',
        }),
      ],
    })
    expect(
      shown(some, '2027-06-01T00:00Z', '2027-07-01T00:00Z').map((it) => it.slice(8, 10)),
    ).toEqual(['07', '09', '14'])
  })

  test('every second week counts from the first valid day', () => {
    const some = hours({
      rules: [rule({ rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', validFrom: '2027-06-01' })],
    })
    expect(
      shown(some, '2027-06-01T00:00Z', '2027-07-01T00:00Z').map((it) => it.slice(5, 10)),
    ).toEqual(['06-01', '06-15', '06-29'])
  })

  test('an exception replaces the rules of its day: closed, or with its own ranges', () => {
    const some = hours({
      exceptions: [
        { date: '2027-06-02', ranges: [] },
        { date: '2027-06-03', ranges: [{ start: '22:00', end: '00:00' }] },
        { date: '2027-06-20', ranges: [{ start: '08:00', end: '08:30' }] },
      ],
    })
    expect(shown(some, '2027-06-01T00:00Z', '2027-06-04T12:00Z')).toEqual([
      '2027-06-01T07:00/2027-06-01T08:00',
      '2027-06-03T20:00/2027-06-03T22:00',
      '2027-06-04T07:00/2027-06-04T08:00',
    ])
  })

  test('one that began the day before is whole, and one that only touches the range is not there', () => {
    const night = hours({ rules: [rule({ startLocal: '22:00', minutes: 600 })] })
    expect(shown(night, '2027-06-02T00:00Z', '2027-06-02T20:00Z')).toEqual([
      '2027-06-01T20:00/2027-06-02T06:00',
    ])
  })

  test('days are the coach’s own: an evening in Auckland is the morning of UTC', () => {
    const far = hours({
      timeZone: 'Pacific/Auckland',
      rules: [rule({ rrule: 'FREQ=WEEKLY;BYDAY=MO', startLocal: '18:00' })],
    })
    expect(shown(far, '2027-06-07T00:00Z', '2027-06-08T00:00Z')).toEqual([
      '2027-06-07T06:00/2027-06-07T07:00',
    ])
  })

  test('that touch or overlap are one stretch of open time', () => {
    const windows = [
      span('2027-01-01', '2027-01-03'),
      span('2027-01-02', '2027-01-04'),
      span('2027-01-04', '2027-01-05'),
      span('2027-01-06', '2027-01-07'),
    ]
    expect(merged(windows)).toEqual([
      span('2027-01-01', '2027-01-05'),
      span('2027-01-06', '2027-01-07'),
    ])
  })
})
