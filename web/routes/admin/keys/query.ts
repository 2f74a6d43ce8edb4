import { graphql, type ResultOf } from '../../../graph/tada.ts'

const KeyFields = graphql(`
  fragment KeyFields on ApiKey {
    id
    name
    beginning
    scopes
    rateLimitPerMinute
    expiresAt
    overlapUntil
    lastUsedAt
    revokedAt
  }
`)
export type ApiKey = ResultOf<typeof KeyFields>

export const ApiKeys = graphql(
  `
    query ApiKeys($first: Int!, $after: String) {
      apiKeys(first: $first, after: $after) {
        edges {
          cursor
          node {
            ...KeyFields
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
  [KeyFields],
)

export const CreateApiKey = graphql(
  `
    mutation CreateApiKey($input: CreateApiKeyInput!) {
      createApiKey(input: $input) {
        __typename
        ... on ApiKeyCreated {
          key {
            ...KeyFields
          }
          secretShownOnce
        }
      }
    }
  `,
  [KeyFields],
)

export const RotateApiKey = graphql(
  `
    mutation RotateApiKey($id: ID!, $overlapHours: Int!) {
      rotateApiKey(id: $id, overlapHours: $overlapHours) {
        __typename
        ... on ApiKeyRotated {
          key {
            ...KeyFields
          }
          secretShownOnce
        }
      }
    }
  `,
  [KeyFields],
)

export const RevokeApiKey = graphql(
  `
    mutation RevokeApiKey($id: ID!) {
      revokeApiKey(id: $id) {
        __typename
        ... on ApiKeyRevoked {
          key {
            ...KeyFields
          }
        }
      }
    }
  `,
  [KeyFields],
)
