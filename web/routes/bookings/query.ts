import { BookingCard } from '../../graph/fragments.ts'
import { graphql } from '../../graph/tada.ts'

export const MyBookings = graphql(
  `
    query MyBookings($first: Int!, $after: String, $filter: BookingFilter, $order: BookingOrder, $locale: String!) {
      viewer {
        id
        bookings(first: $first, after: $after, filter: $filter, order: $order) {
          edges {
            cursor
            node {
              ...BookingCard
            }
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
      }
    }
  `,
  [BookingCard],
)

/** What cancelling would give back, asked anew when somebody is about to. */
export const CancelPreview = graphql(
  `
    query CancelPreview($id: ID!, $locale: String!) {
      booking(id: $id) {
        ...BookingCard
      }
    }
  `,
  [BookingCard],
)

export const CancelBooking = graphql(
  `
    mutation CancelBooking($input: CancelInput!, $locale: String!) {
      cancelBooking(input: $input) {
        __typename
        ... on BookingCancelled {
          booking {
            ...BookingCard
          }
        }
        ... on OutsidePolicyError {
          deadline
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
