import { useId } from 'react'
import type { Slot } from '../../graph/fragments.ts'
import { formatDate, formatInstant, formatRange } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import type { BookingChoice } from './booking-choice.ts'

type Part = { name: MessageId; until: number }

const parts: readonly Part[] = [
  { name: 'times.morning', until: 12 },
  { name: 'times.afternoon', until: 17 },
  { name: 'times.evening', until: 24 },
]

const hourOf = ({ localStart }: Slot): number => Number(localStart.slice(11, 13))

/** The day's slots by part of day, without the parts that have none. */
export function byPartOfDay(slots: readonly Slot[]): { name: MessageId; slots: Slot[] }[] {
  const partOf = (slot: Slot) => parts.find(({ until }) => hourOf(slot) < until)
  return parts
    .map((part) => ({ name: part.name, slots: slots.filter((slot) => partOf(slot) === part) }))
    .filter((part) => part.slots.length > 0)
}

export type TimesChoice = Pick<
  BookingChoice,
  'days' | 'day' | 'error' | 'refetch' | 'zone' | 'slot' | 'chooseSlot'
> & { service: { capacity: number } }

type TimeProps = { slot: Slot; group: string; choice: TimesChoice }

function Time({ slot, group, choice }: TimeProps) {
  const { t, tag } = useText()
  const place = { tag, timeZone: choice.zone }
  const { capacity } = choice.service
  return (
    <label className="relative flex min-h-11 flex-col items-center justify-center rounded-md border border-line bg-surface px-2 py-1.5 text-sm font-medium tabular-nums transition-colors hover:border-accent has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name={group}
        value={slot.start}
        checked={slot.start === choice.slot?.start}
        onChange={() => choice.chooseSlot(slot.start)}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
      <span aria-hidden="true">{formatInstant(slot.start, 'time', place)}</span>
      <span className="sr-only">{formatRange(slot.start, slot.end, place)}</span>
      {capacity > 1 && (
        <span className="text-xs font-normal">{t('times.seats', { count: slot.seatsLeft })}</span>
      )}
    </label>
  )
}

const waitingPlaces = [1, 2, 3, 4, 5, 6, 7, 8]

const Waiting = () => {
  const { t } = useText()
  return (
    <div>
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      <Skeleton className="h-6 w-40" />
      <div className="mt-7 grid grid-cols-3 gap-2 lg:grid-cols-2">
        {waitingPlaces.map((place) => (
          <Skeleton key={place} className="h-11" />
        ))}
      </div>
    </div>
  )
}

/** The free times of the chosen day: one group of choices, moved through with the arrow keys. */
export function Times({ choice }: { choice: TimesChoice }) {
  const { t, tag } = useText()
  const group = useId()
  const { days, day, error, refetch } = choice
  if (error) return <ErrorState error={error} retry={refetch} />
  if (!days) return <Waiting />
  const slots = days.get(day?.toString() ?? '') ?? []
  if (!day || slots.length === 0)
    return (
      <div>
        <h3 className="text-base font-semibold">{t('times.title')}</h3>
        <p className="mt-3 text-sm text-ink-faint">{t('times.none')}</p>
      </div>
    )
  return (
    <fieldset className="min-w-0">
      <legend className="text-base font-semibold first-letter:uppercase">
        {formatDate(day.toString(), 'day', tag)}
      </legend>
      <p role="status" className="sr-only">
        {t('times.count', { count: slots.length })}
      </p>
      {byPartOfDay(slots).map((part) => (
        <div key={part.name} className="mt-4">
          <h3 className="mb-2 text-xs font-medium text-ink-faint">{t(part.name)}</h3>
          <div className="grid grid-cols-3 gap-2 lg:grid-cols-2">
            {part.slots.map((slot) => (
              <Time key={slot.start} slot={slot} group={group} choice={choice} />
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  )
}
