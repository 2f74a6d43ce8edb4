import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Money, Slot } from '../../graph/fragments.ts'
import { formatInstant } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePriceText } from '../../ui/use-price-text.ts'
import type { BookingChoice } from './booking-choice.ts'
import type { Hold } from './hold.ts'

type TakenProps = { alternatives: readonly Slot[]; hold: Hold; zone: string }

/** Somebody was faster: the next free times, each one press away. */
function Taken({ alternatives, hold, zone }: TakenProps) {
  const { t, tag } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="animate-rise rounded-lg bg-caution-soft p-5">
      <h3
        ref={heading}
        tabIndex={-1}
        data-focus-target
        className="flex items-center gap-2 font-semibold text-caution"
      >
        <Icon name="alert" />
        {t('taken.title')}
      </h3>
      <p className="mt-1.5 text-sm text-ink-soft">
        {t(alternatives.length > 0 ? 'taken.body' : 'taken.none')}
      </p>
      <ul className="mt-4 grid grid-cols-1 gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {alternatives.map((slot) => (
          <li key={slot.token}>
            <Button
              variant="secondary"
              busy={hold.busy}
              onClick={() => void hold.hold(slot.token)}
              className="w-full tabular-nums"
            >
              {formatInstant(slot.start, 'moment', { tag, timeZone: zone })}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const texts = {
  'outside-policy': 'hold.outsidePolicy',
  'not-now': 'hold.notNow',
} as const satisfies Record<string, MessageId>

type Price = Money | null | undefined

const isSame = (one: Price, other: Price): boolean =>
  one?.amount === other?.amount && one?.currency === other?.currency

/** Most often a price has changed since the times were shown: then both are named. */
function Refused({ before, now }: { before: Price; now: Price }) {
  const { t } = useText()
  const priceText = usePriceText()
  if (before === undefined || now === undefined || isSame(before, now)) return t('hold.refused')
  return t('hold.priceChanged', { before: priceText(before), now: priceText(now) })
}

function Problem({ hold, choice }: { hold: Hold; choice: BookingChoice }) {
  const { t } = useText()
  const { problem } = hold
  if (!problem) return null
  if (problem.kind === 'taken') return <Taken {...problem} hold={hold} zone={choice.zone} />
  if (problem.kind === 'failed')
    return <FailureNotice error={problem.error} otherwise="hold.failed" />
  const action = problem.kind === 'not-now' && (
    <Link
      to="/bookings"
      className="inline-flex min-h-9 items-center font-medium underline underline-offset-2"
    >
      {t('nav.bookings')}
    </Link>
  )
  return (
    <Notice tone="caution" action={action}>
      {problem.kind === 'refused' ? (
        <Refused before={problem.before} now={choice.service.price} />
      ) : (
        t(texts[problem.kind])
      )}
    </Notice>
  )
}

export const HoldProblemNotice = ({ hold, choice }: { hold: Hold; choice: BookingChoice }) =>
  hold.problem && (
    <div className="border-t border-line p-5 sm:p-6">
      <Problem hold={hold} choice={choice} />
    </div>
  )
