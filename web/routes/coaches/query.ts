import { CoachCard } from '../../graph/fragments.ts'
import { graphql } from '../../graph/tada.ts'

export const Coaches = graphql(
  `
    query Coaches($first: Int!, $after: String, $filter: CoachFilter) {
      coaches(first: $first, after: $after, filter: $filter) {
        totalCount
        edges {
          cursor
          node {
            ...CoachCard
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
  `,
  [CoachCard],
)
