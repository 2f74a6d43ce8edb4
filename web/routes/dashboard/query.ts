import { BookingCard } from '../../graph/fragments.ts'
import { graphql } from '../../graph/tada.ts'

export const DashboardBookings = graphql(
  `
    query DashboardBookings($filter: BookingFilter, $locale: String!) {
      viewer {
        id
        bookings(first: 3, filter: $filter, order: NEAREST_FIRST) {
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

export const DashboardSecurity = graphql(`
  query DashboardSecurity {
    viewer {
      id
      security {
        totpEnabled
        recoveryCodesLeft
        passwordExpiresAt
        emailVerified
        passkeys {
          id
        }
      }
      sessions {
        id
        current
        device
        createdAt
      }
    }
  }
`)
