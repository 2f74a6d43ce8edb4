import { getRouteApi } from '@tanstack/react-router'
import { Face } from './faces.tsx'
import { BookingFrame } from './frame.tsx'

const route = getRouteApi('/bookings/$id')

export function BookingPageView() {
  const { id } = route.useParams()
  return (
    <BookingFrame id={id}>
      {(booking, askAgain) => <Face booking={booking} askAgain={askAgain} />}
    </BookingFrame>
  )
}
