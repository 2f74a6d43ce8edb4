import { endOfMonth, parseDate, today } from '@internationalized/date'
import { type CombinedError, useClient, useQuery } from 'urql'
import type { Slot } from '../../graph/fragments.ts'
import type { ResultOf } from '../../graph/tada.ts'
import { useOnFocus } from '../../ui/use-on-focus.ts'
import { MonthSlots } from './query.ts'

/** By calendar date in the asked zone; only days that have a free time. */
export type SlotDays = ReadonlyMap<string, readonly Slot[]>

type Asked = { serviceId: string; month: string; timeZone: string; seats?: number }

const refocusMs = 5_000

const firstOf = (month: string) => parseDate(`${month}-01`)

/** 2026-12 after 2026-11. */
export const monthAfter = (month: string): string =>
  firstOf(month).add({ months: 1 }).toString().slice(0, 7)

/** From the first of the month, or from today in the running month: stable for a day, so it caches. */
function inputOf({ serviceId, month, timeZone, seats = 1 }: Asked) {
  const first = firstOf(month)
  const now = today(timeZone)
  const from = first.compare(now) < 0 ? now : first
  const to = endOfMonth(first).add({ days: 1 })
  return {
    serviceId,
    timeZone,
    from: from.toDate(timeZone).toISOString(),
    to: to.toDate(timeZone).toISOString(),
    ...(seats > 1 && { seats }),
  }
}

export function daysOf(data: ResultOf<typeof MonthSlots> | undefined): SlotDays | null {
  const slots = data?.slots
  if (slots?.__typename !== 'Slots') return null
  const open = slots.days.filter((day) => day.slots.length > 0)
  return new Map(open.map((day) => [day.date, day.slots]))
}

export type MonthSlotsOf = {
  /** Null until the first answer. */
  days: SlotDays | null
  error: CombinedError | undefined
  refetch: () => void
}

/** The free times of one month, asked again when the person comes back to the page. */
export function useMonthSlots(asked: Asked): MonthSlotsOf {
  const variables = { input: inputOf(asked) }
  const [{ data, error, fetching, operation }, ask] = useQuery({
    query: MonthSlots,
    variables,
    requestPolicy: 'cache-and-network',
  })
  const refetch = () => ask({ requestPolicy: 'network-only' })
  useOnFocus(refetch, refocusMs)
  // While another month or zone is on its way, urql still shows the previous answer.
  const current = JSON.stringify(operation?.variables) === JSON.stringify(variables)
  const days = current || !fetching ? daysOf(data) : null
  return { days, error: days ? undefined : error, refetch }
}

/** Fetches the month after this one. Call it when a person is about to turn the page: a month can be large. */
export function useNextMonth(asked: Asked): () => void {
  const client = useClient()
  const variables = { input: inputOf({ ...asked, month: monthAfter(asked.month) }) }
  return () => void client.query(MonthSlots, variables).toPromise()
}
