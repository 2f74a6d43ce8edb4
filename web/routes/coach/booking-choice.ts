import { type CalendarDate, parseDate, today } from '@internationalized/date'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Slot } from '../../graph/fragments.ts'
import { minutesOf, visitorZone } from '../../i18n/format.ts'
import { type MonthSlotsOf, useMonthSlots, useNextMonth } from './month-slots.ts'
import type { Coach, Service } from './query.ts'

const route = getRouteApi('/coaches/$slug')

const dateFrom = (text: string | undefined): CalendarDate | null => {
  try {
    return text ? parseDate(text) : null
  } catch {
    return null
  }
}

export type BookingChoice = MonthSlotsOf & {
  service: Service
  zone: string
  focused: CalendarDate
  min: CalendarDate
  max: CalendarDate
  /** Fetches the next month, when the person is about to turn to it. */
  prefetch: () => void
  /** The chosen day, else the first one of the month that has a free time. */
  day: CalendarDate | null
  slot: Slot | null
  chooseService: (id: string) => void
  chooseZone: (whose: 'yours' | 'coach') => void
  chooseDay: (date: CalendarDate) => void
  chooseSlot: (start: string) => void
  focus: (date: CalendarDate) => void
}

const monthOf = (date: CalendarDate): string => date.toString().slice(0, 7)

/** What a person is about to book. It lives in the address, so it survives signing in, sharing and Back. */
export function useBookingChoice(
  coach: Coach,
  services: readonly [Service, ...Service[]],
): BookingChoice {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const service = services.find(({ id }) => id === search.service) ?? services[0]
  const zone = search.zone === 'coach' ? coach.timeZone : visitorZone()
  const min = today(zone)
  const max = min.add({ days: Math.max(1, Math.floor(minutesOf(service.horizon) / 1_440)) })
  const asked = dateFrom(search.day)
  const [focused, focus] = useState(() => (asked && asked.compare(min) >= 0 ? asked : min))
  const month = monthOf(focused)
  const slots = useMonthSlots({ serviceId: service.id, month, timeZone: zone })
  const prefetch = useNextMonth({ serviceId: service.id, month, timeZone: zone })

  const [first] = slots.days?.keys() ?? []
  const day = asked && monthOf(asked) === month ? asked : dateFrom(first)
  const offered = slots.days?.get(day?.toString() ?? '') ?? []
  const change = (next: typeof search) =>
    void navigate({
      search: ({ signin, reason, ...kept }) => ({ ...kept, ...next }),
      replace: true,
      resetScroll: false,
    })
  return {
    ...slots,
    service,
    zone,
    focused,
    min,
    max,
    prefetch,
    day,
    slot: offered.find(({ start }) => start === search.at) ?? null,
    focus,
    chooseService: (id) => change({ service: id, day: undefined, at: undefined }),
    chooseZone: (whose) =>
      change({ zone: whose === 'coach' ? 'coach' : undefined, day: undefined, at: undefined }),
    chooseDay: (date) => change({ service: service.id, day: date.toString(), at: undefined }),
    chooseSlot: (start) => change({ service: service.id, day: day?.toString(), at: start }),
  }
}
