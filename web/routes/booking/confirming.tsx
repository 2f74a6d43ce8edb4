import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useText } from '../../i18n/text.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { BookingFace } from './face.tsx'
import type { BookingDetail } from './query.ts'

/** A confirmation takes a second; after this long, waiting on in silence would be dishonest. */
const longMs = 15_000

function useIsLong(): boolean {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), longMs)
    return () => clearTimeout(timer)
  }, [])
  return isLong
}

type ConfirmingProps = { booking: BookingDetail; askAgain: () => void }

const Progress = () => (
  <div aria-hidden="true" className="mt-6 h-1.5 overflow-hidden rounded-full bg-sunken">
    <div className="h-full w-2/5 animate-sweep rounded-full bg-accent" />
  </div>
)

function LongWait({ booking, askAgain }: ConfirmingProps) {
  const { t } = useText()
  const actions = (
    <>
      <Button size="lg" onClick={askAgain}>
        {t('confirming.again')}
      </Button>
      <Link
        to="/bookings/$id"
        params={{ id: booking.id }}
        className={buttonClass({ variant: 'secondary', size: 'lg' })}
      >
        {t('confirming.back')}
      </Link>
    </>
  )
  return (
    <BookingFace
      key="long"
      booking={booking}
      icon="clock"
      tone="accent"
      title={t('confirming.long.title')}
      lead={t('confirming.long.lead')}
      actions={actions}
    />
  )
}

/** Paid, and not confirmed yet: it turns by itself, and says so when it takes long. */
export function ConfirmingBooking({ booking, askAgain }: ConfirmingProps) {
  const { t } = useText()
  if (useIsLong()) return <LongWait booking={booking} askAgain={askAgain} />
  return (
    <BookingFace
      key="short"
      booking={booking}
      icon="clock"
      tone="accent"
      title={t('confirming.title')}
      lead={t('confirming.lead')}
      actions={null}
      isSettling
    >
      <Progress />
    </BookingFace>
  )
}
