import { graphql, type ResultOf } from './tada.ts'

export const CoachCard = graphql(`
  fragment CoachCard on Coach {
    id
    slug
    displayName
    headline
    specialties
    languages
    city
    timeZone
    nextFreeSlot
  }
`)
export type CoachCard = ResultOf<typeof CoachCard>

export const BookingCard = graphql(`
  fragment BookingCard on Booking {
    id
    reference
    seats
    startsAt
    endsAt
    timeZone
    status
    holdExpiresAt
    canCancelUntil
    canRescheduleUntil
    price {
      amount
      currency
    }
    refundPreview {
      percent
      amount {
        amount
        currency
      }
      until
    }
    version
    service {
      id
      name(locale: $locale)
      duration
      location
    }
    coach {
      id
      slug
      displayName
    }
  }
`)
export type BookingCard = ResultOf<typeof BookingCard>
export type BookingStatus = BookingCard['status']
export type Money = NonNullable<BookingCard['price']>
export type LocationKind = BookingCard['service']['location']

export const SlotFields = graphql(`
  fragment SlotFields on Slot {
    start
    end
    localStart
    seatsLeft
    token
  }
`)
export type Slot = ResultOf<typeof SlotFields>
