import { getRouteApi, Navigate } from '@tanstack/react-router'
import { ConfirmingBooking } from '../confirming.tsx'
import { isAwaited } from '../face-of.ts'
import { Face } from '../faces.tsx'
import { BookingFrame } from '../frame.tsx'

const route = getRouteApi('/bookings/$id/result')

const failed: ReadonlySet<string> = new Set(['FAILED', 'CANCELLED'])

/** Where paying leads back to: the wait for the confirmation, then whatever the booking has become. */
export function ResultPageView() {
  const { id } = route.useParams()
  return (
    <BookingFrame id={id}>
      {(booking, askAgain) => {
        if (isAwaited(booking)) return <ConfirmingBooking booking={booking} askAgain={askAgain} />
        if (booking.status === 'HELD' && failed.has(booking.payment?.status ?? ''))
          return <Navigate to="/bookings/$id" params={{ id }} replace />
        return <Face booking={booking} askAgain={askAgain} />
      }}
    </BookingFrame>
  )
}
