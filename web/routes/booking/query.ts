import { BookingCard } from '../../graph/fragments.ts'
import { graphql } from '../../graph/tada.ts'

export const BookingPage = graphql(
  `
    query BookingPage($id: ID!, $locale: String!) {
      booking(id: $id) {
        ...BookingCard
      }
    }
  `,
  [BookingCard],
)

export const ConfirmBooking = graphql(
  `
    mutation ConfirmBooking($input: ConfirmBookingInput!, $locale: String!) {
      confirmBooking(input: $input) {
        __typename
        ... on BookingConfirmed {
          booking {
            ...BookingCard
          }
        }
        ... on HoldExpiredError {
          expiredAt
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `,
  [BookingCard],
)

export const ReleaseHold = graphql(
  `
    mutation ReleaseHold($bookingId: ID!, $locale: String!) {
      releaseHold(bookingId: $bookingId) {
        __typename
        ... on HoldReleased {
          booking {
            ...BookingCard
          }
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `,
  [BookingCard],
)
