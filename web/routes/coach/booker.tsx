import { lazy, Suspense } from 'react'
import { formatDate, sameTime, visitorZone, zoneLabel } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Segments } from '../../ui/segments.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type BookingChoice, useBookingChoice } from './booking-choice.ts'
import { useHold } from './hold.ts'
import { HoldBar } from './hold-bar.tsx'
import { HoldProblemNotice } from './hold-problem.tsx'
import { monthAfter } from './month-slots.ts'
import type { Coach, Service } from './query.ts'
import { Services } from './services.tsx'
import { Times } from './times.tsx'

// The calendar is the page's largest part: profile, services and times do not wait for it.
const calendar = import('../../ui/calendar.tsx')
const Calendar = lazy(async () => ({ default: (await calendar).Calendar }))

function ZoneSwitch({ coach, choice }: { coach: Coach; choice: BookingChoice }) {
  const { t, tag } = useText()
  const at = choice.focused.toDate(choice.zone).getTime()
  const label = zoneLabel(choice.zone, tag, at)
  if (choice.zone === visitorZone() && sameTime(coach.timeZone, visitorZone(), at))
    return <p className="text-sm text-ink-faint">{t('zone.all', { zone: label })}</p>
  return (
    <div className="flex flex-col gap-2">
      <Segments
        legend={t('zone.legend')}
        hideLegend
        value={choice.zone === coach.timeZone ? 'coach' : 'yours'}
        options={[
          { value: 'yours', label: t('zone.switch.yours') },
          { value: 'coach', label: t('zone.switch.coach') },
        ]}
        onChange={choice.chooseZone}
      />
      <p className="text-sm text-ink-faint" aria-live="polite">
        {t('zone.all', { zone: label })}
      </p>
    </div>
  )
}

function Days({ choice }: { choice: BookingChoice }) {
  const { t, tag } = useText()
  const { days, focused, focus, min, max, day, chooseDay, prefetch } = choice
  const month = focused.toString().slice(0, 7)
  const next = monthAfter(month)
  const mayTurn = next <= max.toString().slice(0, 7)
  return (
    <>
      <Suspense fallback={<Skeleton className="h-[22.5rem] w-full" />}>
        <Calendar
          label={t('booker.day')}
          value={day}
          focused={focused}
          min={min}
          max={max}
          isOpen={(date) => days?.has(date.toString()) ?? false}
          onChange={chooseDay}
          onFocusChange={focus}
          onNextIntent={prefetch}
        />
      </Suspense>
      {days?.size === 0 && (
        <p role="status" className="mt-3 rounded-md bg-sunken px-3.5 py-3 text-sm text-ink-soft">
          {t('booker.emptyMonth')}{' '}
          {mayTurn && (
            <button
              type="button"
              onClick={() => focus(focused.set({ day: 1 }).add({ months: 1 }))}
              className="min-h-6 font-medium text-accent-ink underline underline-offset-2"
            >
              {t('booker.seeMonth', { month: formatDate(`${next}-01`, 'monthName', tag) })}
            </button>
          )}
        </p>
      )}
    </>
  )
}

type BookerProps = {
  coach: Coach
  services: readonly [Service, ...Service[]]
  /** What was shown of the coach is no longer so. */
  askAgain: () => void
}

/** What, which day, what time: three columns on a desk, one below the other in a hand. */
export function Booker(props: BookerProps) {
  const { t } = useText()
  const { coach, services, askAgain } = props
  const choice = useBookingChoice(coach, services)
  const hold = useHold(choice.service.price, () => {
    choice.refetch()
    askAgain()
  })
  const column = 'min-w-0 p-5 sm:p-6'
  return (
    <section aria-labelledby="book" className="mt-10 sm:mt-12">
      <h2 id="book" className="text-xl font-semibold">
        {t('booker.title')}
      </h2>
      <div className="mt-5 rounded-xl border border-line bg-surface shadow-2">
        <div className="grid divide-line max-lg:divide-y lg:grid-cols-[minmax(0,1fr)_24rem_minmax(0,1fr)] lg:divide-x">
          <div className={column}>
            <Services
              services={services}
              chosen={choice.service.id}
              onChange={choice.chooseService}
            />
          </div>
          <div className={column}>
            <Days choice={choice} />
            <div className="mt-5">
              <ZoneSwitch coach={coach} choice={choice} />
            </div>
          </div>
          <div className="relative min-w-0">
            {/* A long day scrolls in its column instead of stretching the other two. */}
            <div className="p-5 sm:p-6 lg:absolute lg:inset-0 lg:overflow-y-auto lg:pb-10 lg:[mask-image:linear-gradient(to_bottom,black_calc(100%-2.5rem),transparent)]">
              <Times choice={choice} />
            </div>
          </div>
        </div>
        <HoldProblemNotice hold={hold} choice={choice} />
        <HoldBar hold={hold} choice={choice} />
      </div>
    </section>
  )
}
