import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { dayMs, type Hours, minuteMs } from '../availability/windows.ts'
import {
  type BusySession,
  busyOf,
  busyReachMs,
  calendarOf,
  localStartOf,
  type Offer,
  offersIn,
  rangeFault,
  sessionOf,
  type Terms,
  verdictOf,
} from './rules.ts'

const monday = Date.parse('2027-06-07T00:00:00Z')
const hour = (value: number) => monday + value * 60 * minuteMs

const terms: Terms = {
  id: 'yoga',
  minutes: 60,
  stepMinutes: 30,
  capacity: 1,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 0,
  horizonDays: 30,
}
const hours: Hours = {
  timeZone: 'UTC',
  rules: [
    {
      rrule: 'FREQ=DAILY',
      startLocal: '09:00',
      minutes: 180,
      validFrom: '2027-01-01',
      validTo: null,
    },
  ],
  exceptions: [],
}
const range = { start: monday, end: monday + dayMs }

type Setting = {
  terms?: Partial<Terms>
  sessions?: readonly BusySession[]
  seats?: number
  now?: number
}
const questionOf = ({ terms: change, sessions = [], seats = 1, now = monday }: Setting) => ({
  terms: { ...terms, ...change },
  calendar: calendarOf(hours, sessions, range),
  seats,
  now,
})
const starts = (setting: Setting) =>
  [...offersIn(questionOf(setting), range)].map(({ start }) =>
    new Date(start).toISOString().slice(11, 16),
  )

const taken = (start: number, change: Partial<BusySession> = {}): BusySession => ({
  serviceId: 'yoga',
  during: sessionOf(terms, start),
  busy: busyOf(terms, start),
  capacity: 1,
  seatsTaken: 1,
  ...change,
})

describe('offers', () => {
  test.each<[string, Setting, string[]]>([
    ['fill the window at every step', {}, ['09:00', '09:30', '10:00', '10:30', '11:00']],
    ['end with the window', { terms: { minutes: 180 } }, ['09:00']],
    ['never outlast it', { terms: { minutes: 181 } }, []],
    ['leave out what is taken', { sessions: [taken(hour(10))] }, ['09:00', '11:00']],
    [
      'keep their own buffers free',
      { sessions: [taken(hour(9))], terms: { bufferBeforeMinutes: 10 } },
      ['10:30', '11:00'],
    ],
    [
      'keep out of the buffers of others',
      { sessions: [taken(hour(9), { busy: { start: hour(9), end: hour(10.25) } })] },
      ['10:30', '11:00'],
    ],
    ['wait for the notice', { now: hour(9), terms: { noticeMinutes: 61 } }, ['10:30', '11:00']],
    [
      'include the last moment of the notice',
      { now: hour(9), terms: { noticeMinutes: 120 } },
      ['11:00'],
    ],
    [
      'end at the horizon',
      { now: hour(9.5) - dayMs, terms: { horizonDays: 1 } },
      ['09:00', '09:30'],
    ],
    ['are none in the past', { now: hour(24) }, []],
  ])('%s', (_, setting, expected) => {
    expect(starts(setting)).toEqual(expected)
  })

  test('a group session goes on being offered while it has the seats that are asked', () => {
    const group = { capacity: 3 }
    const sessions = [taken(hour(9), { capacity: 3, seatsTaken: 2 })]
    expect(starts({ terms: group, sessions })).toContain('09:00')
    expect(starts({ terms: group, sessions, seats: 2 })).not.toContain('09:00')
    const [first] = offersIn(questionOf({ terms: group, sessions }), range)
    expect(first?.seatsLeft).toBe(1)
  })

  test('another service at the same time is in the way, however many seats it has', () => {
    const sessions = [taken(hour(9), { serviceId: 'pilates', capacity: 9 })]
    expect(starts({ terms: { capacity: 9 }, sessions })).toEqual(['10:00', '10:30', '11:00'])
  })
})

describe('verdictOf', () => {
  test.each<[string, number, Setting, string]>([
    ['on the grid', hour(9.5), {}, 'OPEN'],
    ['off the grid', hour(9.25), {}, 'CLOSED'],
    ['outside the hours', hour(13), {}, 'CLOSED'],
    ['past the end of the window', hour(11.5), {}, 'CLOSED'],
    ['taken', hour(9), { sessions: [taken(hour(9))] }, 'TAKEN'],
    ['inside the notice', hour(9), { now: hour(8), terms: { noticeMinutes: 61 } }, 'TOO_SOON'],
    ['past the horizon', hour(9), { now: hour(8) - dayMs, terms: { horizonDays: 1 } }, 'TOO_FAR'],
  ])('a start %s', (_, start, setting, kind) => {
    expect(verdictOf(questionOf(setting), start).kind).toBe(kind as 'OPEN')
  })
})

/** Hours, terms and a day of sessions that do not touch each other, as the constraint keeps them. */
const settings = fc.record({
  window: fc.record({ at: fc.nat(23), minutes: fc.integer({ min: 5, max: 1440 }) }),
  second: fc.record({ at: fc.nat(23), minutes: fc.integer({ min: 5, max: 1440 }) }),
  terms: fc.record({
    minutes: fc.integer({ min: 5, max: 720 }),
    stepMinutes: fc.constantFrom(5, 7, 15, 25, 45, 60),
    capacity: fc.integer({ min: 1, max: 4 }),
    bufferBeforeMinutes: fc.constantFrom(0, 10, 240),
    bufferAfterMinutes: fc.constantFrom(0, 15, 240),
    noticeMinutes: fc.constantFrom(0, 120, 1440),
    horizonDays: fc.integer({ min: 1, max: 4 }),
  }),
  taken: fc.array(fc.record({ at: fc.nat(30), seats: fc.integer({ min: 1, max: 4 }) }), {
    maxLength: 6,
  }),
  zone: fc.constantFrom('Europe/Paris', 'Pacific/Auckland', 'America/St_Johns', 'UTC'),
  day: fc.constantFrom('2027-03-27', '2027-10-30', '2027-06-07'),
  seats: fc.integer({ min: 1, max: 3 }),
})
type Generated = typeof settings extends fc.Arbitrary<infer T> ? T : never

function generated({ window, second, zone, day, ...rest }: Generated) {
  const now = Date.parse(`${day}T00:00:00Z`)
  const two = [window, second].map(({ at, minutes }) => ({
    rrule: 'FREQ=DAILY',
    startLocal: `${String(at).padStart(2, '0')}:30`,
    minutes,
    validFrom: '2027-01-01',
    validTo: null,
  }))
  const all = { ...terms, ...rest.terms }
  const sessions: BusySession[] = []
  for (const { at, seats } of rest.taken) {
    const start = now + at * 2 * 60 * minuteMs
    const busy = busyOf(all, start)
    const isFree = sessions.every((it) => busy.end <= it.busy.start || it.busy.end <= busy.start)
    if (isFree) {
      sessions.push({
        serviceId: 'yoga',
        during: sessionOf(all, start),
        busy,
        capacity: 4,
        seatsTaken: seats,
      })
    }
  }
  return { now, all, sessions, hours: { timeZone: zone, rules: two, exceptions: [] } }
}

const touches = (a: { start: number; end: number }, b: { start: number; end: number }) =>
  a.start < b.end && b.start < a.end

describe('every offer, for any hours, terms, sessions, zone and clock change', () => {
  const offersOf = (setting: Generated) => {
    const made = generated(setting)
    const asked = { start: made.now, end: made.now + 3 * dayMs }
    const calendar = calendarOf(made.hours, made.sessions, asked)
    const question = { terms: made.all, calendar, seats: setting.seats, now: made.now }
    const offers: Offer[] = []
    for (const offer of offersIn(question, asked)) if (offers.push(offer) >= 60) break
    return { ...made, seats: setting.seats, offers }
  }

  test('may be held at the same instant, as a hold looks at it: from a calendar of its own', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { now, all, sessions, hours: own, seats, offers } = offersOf(setting)
        for (const offer of offers) {
          const near = sessions.filter(({ busy }) =>
            touches(busy, { start: offer.start - busyReachMs, end: offer.start + busyReachMs }),
          )
          const calendar = calendarOf(own, near, { start: offer.start, end: offer.start + 1 })
          expect(verdictOf({ terms: all, calendar, seats, now }, offer.start)).toEqual({
            kind: 'OPEN',
            offer,
          })
        }
      }),
      { numRuns: 60 },
    )
  })

  test('rises, repeats nothing, and touches no session but one that it joins', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { all, sessions, seats, offers } = offersOf(setting)
        offers.reduce((last, { start }) => {
          expect(start).toBeGreaterThan(last)
          return start
        }, 0)
        for (const { start, seatsLeft } of offers) {
          expect(seatsLeft).toBeGreaterThanOrEqual(seats)
          for (const other of sessions.filter(({ busy }) => touches(busy, busyOf(all, start)))) {
            expect(other.during.start).toBe(start)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

test('local starts over the repeated hour differ as instants and not on the wall', () => {
  const texts = ['2027-10-31T00:30Z', '2027-10-31T01:30Z'].map((instant) =>
    localStartOf({ start: Date.parse(instant), end: 0 }, 'Europe/Paris'),
  )
  expect(texts).toEqual(['2027-10-31T02:30', '2027-10-31T02:30'])
})

describe('rangeFault', () => {
  const from = new Date('2027-10-01T00:00+02:00')
  test.each<[string, string, number, string[] | null]>([
    ['sixty-two days', '2027-12-02T00:00+01:00', 1, null],
    ['a moment more', '2027-12-02T00:00:01+01:00', 1, ['to']],
    ['nothing', '2027-10-01T00:00+02:00', 1, ['to']],
    ['no seats', '2027-10-02T00:00+02:00', 0, ['seats']],
    ['too many seats', '2027-10-02T00:00+02:00', 21, ['seats']],
  ])('%s', (_, to, seats, path) => {
    expect(rangeFault({ from, to: new Date(to), seats })?.path ?? null).toEqual(path)
  })
})
