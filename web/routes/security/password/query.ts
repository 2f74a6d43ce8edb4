import { graphql } from '../../../graph/tada.ts'

export const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      __typename
      ... on PasswordChanged {
        expiresAt
        otherSessionsRevoked
      }
      ... on WeakPasswordError {
        problems
        entropyBits
      }
      ... on RateLimitedError {
        retryAfterSeconds
      }
    }
  }
`)
