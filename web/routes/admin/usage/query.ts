import { graphql, type ResultOf } from '../../../graph/tada.ts'

const UsageFields = graphql(`
  fragment UsageFields on FieldUsage {
    coordinate
    deprecation
    calls
    operations
    clients {
      client
      clientName
      calls
    }
  }
`)
export type FieldUsage = ResultOf<typeof UsageFields>

export const FieldUsages = graphql(
  `
    query FieldUsages($first: Int!, $after: String, $filter: FieldUsageFilter) {
      fieldUsages(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...UsageFields
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
  [UsageFields],
)
