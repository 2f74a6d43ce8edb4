import { useEffect, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { formatDate, localDateOf, zoneLabel } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type Outcome, OutcomeNotice, outcomeOf } from './outcome.tsx'
import { type OwnHours, SaveHours } from './query.ts'
import { isSound, nextRange, type Range, rulesFrom, type Week, weekdays, weekFrom } from './week.ts'

/** The first of June 2026 is a Monday: only the names of its days are read. */

const dayName = (index: number, tag: string): string =>
  formatDate(`2026-06-0${index + 1}`, 'weekday', tag)

const timeClass =
  'min-h-10 min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-base tabular-nums aria-invalid:border-danger sm:text-sm'

type DayProps = { name: string; ranges: readonly Range[]; onChange: (ranges: Range[]) => void }

/** After hours are removed the focus goes to the next ones' button, or to the one that adds. */
function useFocusAfterRemoval() {
  const place = useRef<HTMLFieldSetElement>(null)
  const removed = useRef<number | null>(null)
  // After every render: the rows are there once the ranges are.
  useEffect(() => {
    if (removed.current === null) return
    const buttons = place.current?.querySelectorAll('button')
    buttons?.item(removed.current)?.focus()
    removed.current = null
  })
  return { place, removed }
}

function Day({ name, ranges, onChange }: DayProps) {
  const { t } = useText()
  const { place, removed } = useFocusAfterRemoval()
  const sound = isSound(ranges)
  const set = (index: number, part: Partial<Range>) =>
    onChange(ranges.map((range, other) => (other === index ? { ...range, ...part } : range)))
  const remove = (index: number) => {
    removed.current = index
    onChange(ranges.filter((_, other) => other !== index))
  }
  return (
    <fieldset ref={place} className="grid gap-x-6 gap-y-3 py-4 sm:grid-cols-[9rem_1fr_auto]">
      <legend className="float-left pt-2 text-sm font-medium first-letter:uppercase">{name}</legend>
      <div className="flex min-w-0 flex-col gap-2">
        {ranges.length === 0 && <p className="pt-2 text-sm text-ink-faint">{t('hours.closed')}</p>}
        {ranges.map((range, index) => (
          <div key={range.id} className="flex items-center gap-2">
            <input
              type="time"
              required
              aria-label={t('hours.from', { day: name })}
              aria-invalid={!sound}
              value={range.start}
              onChange={({ target }) => set(index, { start: target.value })}
              className={timeClass}
            />
            <span aria-hidden="true" className="text-ink-faint">
              –
            </span>
            <input
              type="time"
              required
              aria-label={t('hours.to', { day: name })}
              aria-invalid={!sound}
              value={range.end}
              onChange={({ target }) => set(index, { end: target.value })}
              className={timeClass}
            />
            <button
              type="button"
              aria-label={t('hours.remove', { day: name, start: range.start })}
              onClick={() => remove(index)}
              className="grid size-10 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-danger"
            >
              <Icon name="trash" />
            </button>
          </div>
        ))}
        {!sound && <p className="text-xs text-danger">{t('hours.unsound')}</p>}
      </div>
      <Button
        variant="quiet"
        size="sm"
        className="self-start justify-self-start"
        onClick={() => onChange([...ranges, nextRange(ranges)])}
      >
        <Icon name="plus" className="size-4" />
        {t('hours.add')}
        <span className="sr-only">{name}</span>
      </Button>
    </fieldset>
  )
}

export type HoursWindow = { from: string; to: string }
type HoursProps = { hours: OwnHours | null; timeZone: string; window: HoursWindow }

/** Saves the week; rules and exceptions that this editor does not show are sent back as they were. */
function useSaveHours({ hours, timeZone, window }: HoursProps) {
  const { locale } = useText()
  const [{ fetching, data }, run] = useMutation(SaveHours)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  async function save(week: Week): Promise<void> {
    const { others } = weekFrom(hours?.rules ?? [])
    const input = {
      timeZone,
      rules: [...rulesFrom(week, localDateOf(Date.now(), timeZone)), ...others],
      exceptions: (hours?.exceptions ?? []).map(({ date, closed, ranges }) => ({
        date,
        closed,
        ranges: ranges.map(({ start, end }) => ({ start, end })),
      })),
      expectedVersion: hours?.version ?? 0,
    }
    const answer = await run({ input, ...window, locale })
    setOutcome(outcomeOf(answer.data?.setAvailability, answer.error))
  }
  const saved = data?.setAvailability
  const conflicts = saved?.__typename === 'AvailabilitySet' ? saved.conflictingBookings.length : 0
  return { save, busy: fetching, outcome, conflicts }
}

export function Hours(props: HoursProps) {
  const { t, tag } = useText()
  const { hours, timeZone } = props
  const [week, setWeek] = useState(() => weekFrom(hours?.rules ?? []).week)
  const { save, busy, outcome, conflicts } = useSaveHours(props)
  const sound = weekdays.every((day) => isSound(week[day]))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (sound) void save(week)
      }}
    >
      <p className="text-sm text-ink-faint">
        {t('zone.all', { zone: zoneLabel(timeZone, tag, Date.now()) })}
      </p>
      <div className="mt-2 divide-y divide-line">
        {weekdays.map((day, index) => (
          <Day
            key={day}
            name={dayName(index, tag)}
            ranges={week[day]}
            onChange={(ranges) => setWeek({ ...week, [day]: ranges })}
          />
        ))}
      </div>
      <div className="mt-6 flex flex-col gap-4">
        <OutcomeNotice outcome={outcome} conflict="form.conflict" />
        {conflicts > 0 && (
          <Notice tone="caution">{t('hours.conflicts', { count: conflicts })}</Notice>
        )}
        <Button type="submit" busy={busy} className="self-start">
          {t('form.save')}
        </Button>
      </div>
    </form>
  )
}
