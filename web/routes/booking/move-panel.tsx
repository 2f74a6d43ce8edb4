import { type CalendarDate, parseDate, today } from '@internationalized/date'
import { useEffect, useRef, useState } from 'react'
import { formatInstant, formatRange, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { Calendar } from '../../ui/calendar.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useMonthSlots, useNextMonth } from '../coach/month-slots.ts'
import { Times } from '../coach/times.tsx'
import type { BookingDetail } from './query.ts'
import { type MoveProblem, useReschedule } from './reschedule.ts'

const shownDays = 180

/** Which free time of the same service, by day. */
function useOtherTime({ service, seats }: BookingDetail) {
  const zone = visitorZone()
  const min = today(zone)
  const [focused, focus] = useState(min)
  const [chosen, choose] = useState<CalendarDate | null>(null)
  const [start, chooseSlot] = useState<string | null>(null)
  const month = focused.toString().slice(0, 7)
  const asked = { serviceId: service.id, month, timeZone: zone, seats }
  const slots = useMonthSlots(asked)
  const prefetch = useNextMonth(asked)
  const [first] = slots.days?.keys() ?? []
  const day = chosen?.toString().startsWith(month) ? chosen : first ? parseDate(first) : null
  const offered = slots.days?.get(day?.toString() ?? '') ?? []
  const slot = offered.find((free) => free.start === start) ?? null
  const calendar = { value: day, focused, min, max: min.add({ days: shownDays }) }
  // How many seats a time has left matters when it is chosen the first time.
  const times = { ...slots, day, zone, slot, chooseSlot, service: { capacity: 1 } }
  return { calendar, times, focus, choose, prefetch }
}

const Problem = ({ problem }: { problem: MoveProblem }) => {
  const { t } = useText()
  if (problem.error) return <FailureNotice error={problem.error} otherwise={problem.text} />
  return <Notice tone="caution">{t(problem.text)}</Notice>
}

type MovePanelProps = { booking: BookingDetail; onClose: () => void; onMoved: () => void }

/** Another time for the same session: the present one is kept until the new one is there. */
export function MovePanel({ booking, onClose, onMoved }: MovePanelProps) {
  const { t, tag } = useText()
  const { calendar, times, focus, choose, prefetch } = useOtherTime(booking)
  const { move, moving, problem } = useReschedule(booking, { onLost: times.refetch, onMoved })
  const { slot } = times
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const place = { tag, timeZone: times.zone }
  return (
    <section aria-labelledby="move" className="mt-6 animate-rise border-t border-line pt-6">
      <h2 id="move" ref={heading} tabIndex={-1} data-focus-target className="text-lg font-semibold">
        {t('move.choose')}
      </h2>
      <p className="mt-1 text-sm text-ink-soft">{t('move.lead')}</p>
      <div className="mt-5 grid gap-6 sm:grid-cols-[auto_minmax(0,1fr)]">
        <Calendar
          label={t('booker.day')}
          {...calendar}
          isOpen={(date) => times.days?.has(date.toString()) ?? false}
          onChange={choose}
          onFocusChange={focus}
          onNextIntent={prefetch}
        />
        <Times choice={times} />
      </div>
      <div className="mt-5 flex flex-col gap-4">
        {problem && <Problem problem={problem} />}
        <div className="flex flex-wrap gap-3 max-sm:*:w-full">
          {slot && (
            <Button
              busy={moving}
              onClick={() => void move(slot)}
              className="py-2 whitespace-normal!"
            >
              {t('move.confirm', {
                day: formatInstant(slot.start, 'day', place),
                time: formatRange(slot.start, slot.end, place),
              })}
            </Button>
          )}
          <Button variant="secondary" onClick={onClose}>
            {t('form.close')}
          </Button>
        </div>
      </div>
    </section>
  )
}
