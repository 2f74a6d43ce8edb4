import { type CalendarDate, fromDate, parseDate, toCalendarDate } from '@internationalized/date'
import type { BookingStatus } from '../graph/fragments.ts'
import { localDateOf, minutesOf } from '../i18n/format.ts'
import type { BookingDetail } from '../routes/booking/query.ts'
import { type MockCoach, type MockService, offered, people } from './mock-people.ts'

export type MockBooking = {
  id: string
  serviceId: string
  startMs: number
  status: BookingStatus
  holdExpiresMs: number | null
  version: number
  /** Cents, for all seats; absent when free. */
  price?: number | undefined
  payment?: { status: PaymentStatus; refunded?: number }
}

type PaymentStatus = NonNullable<BookingDetail['payment']>['status']

export type MockState = {
  /** Where this mock is found, for addresses that lead back to it. */
  origin: string
  /** Billing cannot be reached: its fields fail, the rest goes on. */
  isBillingDown: boolean
  /** Refunds have not been sent yet. */
  isRefundSlow: boolean
  /** The terms have changed since the tokens were given out. */
  refusesTokens: boolean
  listeners: Set<(event: { booking: MockBooking; kind: string }) => void>
  coaches: MockCoach[]
  services: MockService[]
  bookings: MockBooking[]
  holdMs: number
  /** Starts (ms) that somebody else has just taken. */
  takenElsewhere: Set<number>
  availability: { timeZone: string; rules: MockRule[]; version: number } | null
}

export type MockRule = {
  id: string
  rrule: string
  startLocal: string
  duration: string
  validFrom: string
  validTo: string | null
}

export function createMockState(): MockState {
  const coaches = people()
  return {
    origin: '',
    isBillingDown: false,
    isRefundSlow: false,
    refusesTokens: false,
    listeners: new Set(),
    coaches,
    services: offered(coaches),
    bookings: [],
    holdMs: 600_000,
    takenElsewhere: new Set(),
    availability: null,
  }
}

/** Tells every open page of a change, as the outbox would. */
export function tell(state: MockState, booking: MockBooking, kind: string): void {
  for (const listener of state.listeners) listener({ booking, kind })
}

const openHours = [9, 10, 11, 14, 15, 16, 17, 18]
const minuteMs = 60_000
const noticeMs = 120 * minuteMs
const horizonDays = 60

export type MockSlot = { startMs: number; endMs: number; seatsLeft: number; serviceId: string }

const isLive = (booking: MockBooking, nowMs: number): boolean =>
  booking.status === 'CONFIRMED' ||
  (booking.status === 'HELD' && (booking.holdExpiresMs ?? 0) > nowMs)

function openStarts(day: CalendarDate, timeZone: string): number[] {
  const weekday = new Date(`${day.toString()}T12:00:00Z`).getUTCDay()
  if (weekday === 0 || weekday === 6) return []
  const midnight = (hour: number) => day.toDate(timeZone).getTime() + hour * 60 * minuteMs
  return openHours.map(midnight)
}

/** Free starts of a service between two instants: weekdays, two hours ahead, sixty days at most. */
export function freeSlots(
  state: MockState,
  serviceId: string,
  range: { from: number; to: number },
): MockSlot[] {
  const service = state.services.find(({ id }) => id === serviceId)
  const coach = state.coaches.find(({ id }) => id === service?.coachId)
  if (!service || !coach) return []
  const nowMs = Date.now()
  const last = Math.min(range.to, nowMs + horizonDays * 24 * 60 * minuteMs)
  const slots: MockSlot[] = []
  let day = toCalendarDate(fromDate(new Date(range.from), coach.timeZone))
  while (day.toDate(coach.timeZone).getTime() < last) {
    for (const startMs of openStarts(day, coach.timeZone)) {
      const taken = state.bookings.some(
        (booking) => booking.startMs === startMs && isLive(booking, nowMs),
      )
      const gone = taken || state.takenElsewhere.has(startMs)
      if (gone || startMs < Math.max(range.from, nowMs + noticeMs) || startMs >= last) continue
      const endMs = startMs + minutesOf(service.duration) * minuteMs
      slots.push({ startMs, endMs, seatsLeft: service.capacity, serviceId })
    }
    day = day.add({ days: 1 })
  }
  return slots
}

export const nextFree = (state: MockState, serviceId: string, fromMs = Date.now()): MockSlot[] =>
  freeSlots(state, serviceId, { from: fromMs, to: fromMs + horizonDays * 24 * 60 * minuteMs })

/** Tokens are opaque to the client; here they are readable on purpose. */
export const tokenOf = ({ serviceId, startMs }: MockSlot): string => `${serviceId}@${startMs}`

export function slotOfToken(
  state: MockState,
  token: string,
): { serviceId: string; startMs: number } | null {
  const [serviceId, start] = token.split('@')
  const known = state.services.some(({ id }) => id === serviceId)
  return known && serviceId && start ? { serviceId, startMs: Number(start) } : null
}

export const daysOf = (slots: readonly MockSlot[], timeZone: string): Map<string, MockSlot[]> =>
  Map.groupBy(slots, ({ startMs }) => localDateOf(startMs, timeZone))

export const dayAfter = (date: string, days: number): string =>
  parseDate(date).add({ days }).toString()
