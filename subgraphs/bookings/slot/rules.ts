import { userError } from '#kit/user-error'
import {
  dayMs,
  type Hours,
  type Interval,
  merged,
  minuteMs,
  windowsOf,
} from '../availability/windows.ts'

/** The terms of a service that decide which starts are offered. */
export type Terms = {
  readonly id: string
  readonly minutes: number
  readonly stepMinutes: number
  readonly capacity: number
  readonly bufferBeforeMinutes: number
  readonly bufferAfterMinutes: number
  readonly noticeMinutes: number
  readonly horizonDays: number
}

/** A session that keeps its coach busy, with the seats that are taken at the instant of the question. */
export type BusySession = {
  readonly serviceId: string
  readonly during: Interval
  readonly busy: Interval
  readonly capacity: number
  readonly seatsTaken: number
}

/** When a coach is open and busy. Windows are whole and by start, open time is disjoint, sessions are by start. */
export type Calendar = {
  readonly windows: readonly Interval[]
  readonly open: readonly Interval[]
  readonly sessions: readonly BusySession[]
}

/** One question: may this many seats of the service be had, as seen at `now` (epoch milliseconds)? */
export type Question = {
  readonly terms: Terms
  readonly calendar: Calendar
  readonly seats: number
  readonly now: number
}

export type Offer = Interval & { readonly seatsLeft: number }
export type Verdict =
  | { readonly kind: 'OPEN'; readonly offer: Offer }
  | { readonly kind: 'TOO_SOON' | 'TOO_FAR' | 'CLOSED' | 'TAKEN' }

/** The coach's calendar as far as it decides about starts in `range`. */
export function calendarOf(
  hours: Hours,
  sessions: readonly BusySession[],
  range: Interval,
): Calendar {
  // A session may begin in the last moment of the range and go on in the next window.
  const windows = windowsOf(hours, { start: range.start, end: range.end + dayMs })
  const byStart = [...sessions].sort((a, b) => a.busy.start - b.busy.start)
  return { windows, open: merged(windows), sessions: byStart }
}

export const sessionOf = (terms: Terms, start: number): Interval => ({
  start,
  end: start + terms.minutes * minuteMs,
})

/** The session with the buffers around it: what no other session of the coach may touch. */
export const busyOf = (terms: Terms, start: number): Interval => ({
  start: start - terms.bufferBeforeMinutes * minuteMs,
  end: sessionOf(terms, start).end + terms.bufferAfterMinutes * minuteMs,
})

/** How far from a start another busy range can lie and still matter: the longest session with both buffers. */
export const busyReachMs = (720 + 240 + 240) * minuteMs

/** Index of the first item that ends after `at`. Expects disjoint items, by start. */
function firstEndingAfter<Item>(items: readonly Item[], endOf: (item: Item) => number, at: number) {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && endOf(item) <= at) low = middle + 1
    else high = middle
  }
  return low
}

const isOpen = ({ open }: Calendar, { start, end }: Interval) => {
  const around = open[firstEndingAfter(open, (interval) => interval.end, start)]
  return around !== undefined && around.start <= start && end <= around.end
}

/** Starts lie on a grid of `stepMinutes` that begins with each window. */
const isOnGrid = ({ windows }: Calendar, stepMs: number, start: number) =>
  windows.some(
    (window) =>
      window.start <= start && start < window.end && (start - window.start) % stepMs === 0,
  )

function inTheWay({ sessions }: Calendar, busy: Interval): readonly BusySession[] {
  const first = firstEndingAfter(sessions, (session) => session.busy.end, busy.start)
  const found: BusySession[] = []
  for (let at = first; at < sessions.length; at += 1) {
    const session = sessions[at]
    if (!session || session.busy.start >= busy.end) break
    found.push(session)
  }
  return found
}

/** Seats at one start that are about to be given up. */
export type OwnSeats = Interval & { readonly serviceId: string; readonly seats: number }

/** The question as if those seats were free. */
export const without = (question: Question, own: OwnSeats): Question => {
  const { sessions } = question.calendar
  const left = sessions.map((session) =>
    session.serviceId === own.serviceId &&
    session.during.start === own.start &&
    session.during.end === own.end
      ? { ...session, seatsTaken: session.seatsTaken - own.seats }
      : session,
  )
  return {
    ...question,
    calendar: { ...question.calendar, sessions: left.filter(({ seatsTaken }) => seatsTaken > 0) },
  }
}

const isSame = (session: BusySession, terms: Terms, { start, end }: Interval) =>
  session.serviceId === terms.id && session.during.start === start && session.during.end === end

/** Seats that can still be had at that start; 0 when the coach is busy with something else. */
function seatsLeftAt({ terms, calendar }: Question, during: Interval): number {
  const [first, ...others] = inTheWay(calendar, busyOf(terms, during.start))
  if (!first) return terms.capacity
  return others.length === 0 && isSame(first, terms, during)
    ? Math.max(0, first.capacity - first.seatsTaken)
    : 0
}

const earliestStart = ({ terms, now }: Question) => now + terms.noticeMinutes * minuteMs
const latestStart = ({ terms, now }: Question) => now + terms.horizonDays * dayMs

function verdictOnGrid(question: Question, start: number): Verdict {
  const during = sessionOf(question.terms, start)
  if (start < earliestStart(question)) return { kind: 'TOO_SOON' }
  if (start > latestStart(question)) return { kind: 'TOO_FAR' }
  if (!isOpen(question.calendar, during)) return { kind: 'CLOSED' }
  const seatsLeft = seatsLeftAt(question, during)
  return seatsLeft >= question.seats
    ? { kind: 'OPEN', offer: { ...during, seatsLeft } }
    : { kind: 'TAKEN' }
}

/** The one decision about a start: what is offered and what may be held both come from here. */
export const verdictOf = (question: Question, start: number): Verdict =>
  isOnGrid(question.calendar, question.terms.stepMinutes * minuteMs, start)
    ? verdictOnGrid(question, start)
    : { kind: 'CLOSED' }

/** Every start inside the range that may be held, earliest first. Lazy: the first one costs no more than itself. */
export function* offersIn(question: Question, range: Interval): Generator<Offer> {
  const from = Math.max(range.start, earliestStart(question))
  const to = Math.min(range.end, latestStart(question) + 1)
  const stepMs = question.terms.stepMinutes * minuteMs
  for (const start of gridIn(question.calendar, stepMs, { start: from, end: to })) {
    const verdict = verdictOnGrid(question, start)
    if (verdict.kind === 'OPEN') yield verdict.offer
  }
}

/** The grids of all windows in one rising series without repetition: grids mix only inside one open interval. */
function* gridIn({ windows, open }: Calendar, stepMs: number, range: Interval): Generator<number> {
  let next = 0
  for (const whole of open) {
    const starts = new Set<number>()
    for (; (windows[next]?.start ?? Number.POSITIVE_INFINITY) < whole.end; next += 1) {
      const window = windows[next]
      if (window) for (const start of gridOf(window, stepMs, range)) starts.add(start)
    }
    yield* [...starts].sort((a, b) => a - b)
  }
}

function gridOf(window: Interval, stepMs: number, range: Interval): number[] {
  const skipped = Math.max(0, Math.ceil((range.start - window.start) / stepMs))
  const first = window.start + skipped * stepMs
  const count = Math.max(0, Math.ceil((Math.min(window.end, range.end) - first) / stepMs))
  return Array.from({ length: count }, (_, step) => first + step * stepMs)
}

/** Wall-clock start in a zone, YYYY-MM-DDTHH:MM. */
export const localStartOf = ({ start }: Interval, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(start)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

// In an autumn 62 days of wall time last an hour more.
const rangeMsMax = 62 * dayMs + 3_600_000

/** What is wrong with a question for slots; null when it can be answered. */
export function rangeFault(asked: { from: Date; to: Date; seats: number }) {
  const lengthMs = asked.to.getTime() - asked.from.getTime()
  if (lengthMs <= 0) return userError('ValidationError', '`to` must be after `from`.', ['to'])
  if (lengthMs > rangeMsMax) {
    return userError('ValidationError', 'Ask for at most 62 days at a time.', ['to'])
  }
  return asked.seats < 1 || asked.seats > 20
    ? userError('ValidationError', 'Ask for 1 to 20 seats.', ['seats'])
    : null
}
