import { CoachCard } from '../../graph/fragments.ts'
import { graphql } from '../../graph/tada.ts'

export const FeaturedCoaches = graphql(
  `
    query FeaturedCoaches {
      coaches(first: 6) {
        edges {
          cursor
          node {
            ...CoachCard
          }
        }
      }
    }
  `,
  [CoachCard],
)
