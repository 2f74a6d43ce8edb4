import { graphql, type ResultOf } from '../../../graph/tada.ts'

export const PersonDetails = graphql(`
  query PersonDetails($id: ID!) {
    user(id: $id) {
      id
      displayName
      email
      status
      disabledAt
      roles
      createdAt
      lastLoginAt
      sessions {
        id
        device
        ip
        place
        acr
        impersonated
        createdAt
        lastSeenAt
      }
    }
  }
`)
export type Details = NonNullable<ResultOf<typeof PersonDetails>['user']>

export const SetAccountRoles = graphql(`
  mutation SetAccountRoles($input: SetAccountRolesInput!) {
    setAccountRoles(input: $input) {
      __typename
      ... on AccountChanged {
        user {
          id
          roles
          disabledAt
        }
      }
    }
  }
`)

export const DisableAccount = graphql(`
  mutation DisableAccount($input: AccountReasonInput!) {
    disableAccount(input: $input) {
      __typename
      ... on AccountChanged {
        user {
          id
          roles
          disabledAt
        }
      }
    }
  }
`)

export const EnableAccount = graphql(`
  mutation EnableAccount($input: AccountReasonInput!) {
    enableAccount(input: $input) {
      __typename
      ... on AccountChanged {
        user {
          id
          roles
          disabledAt
        }
      }
    }
  }
`)

export const RevokeUserSessions = graphql(`
  mutation RevokeUserSessions($userId: ID!, $reason: String!) {
    revokeUserSessions(userId: $userId, reason: $reason) {
      __typename
      ... on SessionsRevoked {
        count
      }
    }
  }
`)

export const StartImpersonation = graphql(`
  mutation StartImpersonation($input: StartImpersonationInput!) {
    startImpersonation(input: $input) {
      __typename
    }
  }
`)
