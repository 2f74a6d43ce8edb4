import { BookingCard } from '../../graph/fragments.ts'
import { graphql, type ResultOf } from '../../graph/tada.ts'

const BookingDetail = graphql(
  `
    fragment BookingDetail on Booking {
      ...BookingCard
      cancellationPolicy {
        cancelNotice
        steps {
          atLeastBefore
          refundPercent
        }
      }
      payment {
        id
        status
        amount {
          amount
          currency
        }
        refunded {
          amount
          currency
        }
        failureCode
      }
    }
  `,
  [BookingCard],
)
export type BookingDetail = ResultOf<typeof BookingDetail>

export const BookingPage = graphql(
  `
    query BookingPage($id: ID!, $locale: String!) {
      booking(id: $id) {
        ...BookingDetail
      }
    }
  `,
  [BookingDetail],
)

export const BookingChanged = graphql(
  `
    subscription BookingChanged($id: ID!, $locale: String!) {
      bookingChanged(bookingId: $id) {
        id
        kind
        at
        booking {
          ...BookingDetail
        }
      }
    }
  `,
  [BookingDetail],
)

export const StartCheckout = graphql(`
  mutation StartCheckout($input: StartCheckoutInput!) {
    startCheckout(input: $input) {
      __typename
      ... on CheckoutStarted {
        redirectUrl
      }
      ... on UserError {
        code
        message
      }
    }
  }
`)

export const Reschedule = graphql(
  `
    mutation Reschedule($input: RescheduleInput!, $locale: String!) {
      rescheduleBooking(input: $input) {
        __typename
        ... on BookingMoved {
          booking {
            ...BookingCard
          }
        }
        ... on StaleBookingError {
          current {
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
