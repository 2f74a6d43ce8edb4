import { graphql, type ResultOf } from '../../../graph/tada.ts'

const OperationFields = graphql(`
  fragment OperationFields on PersistedOperation {
    id
    name
    kind
    hash
    document
    description
    cost
    contract
    client
    clientName
    clientVersion
    calls
    p95Ms
    lastSeenAt
    retiredAt
  }
`)
export type Operation = ResultOf<typeof OperationFields>

export const Operations = graphql(
  `
    query Operations($first: Int!, $after: String, $search: String) {
      persistedOperations(first: $first, after: $after, search: $search) {
        edges {
          cursor
          node {
            ...OperationFields
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
  [OperationFields],
)

export const RetireOperation = graphql(`
  mutation RetireOperation($id: ID!) {
    retireOperation(id: $id) {
      __typename
      ... on OperationRetired {
        operation {
          id
          retiredAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`)

export const RestoreOperation = graphql(`
  mutation RestoreOperation($id: ID!) {
    restoreOperation(id: $id) {
      __typename
      ... on OperationRestored {
        operation {
          id
          retiredAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`)
