import { graphql, type ResultOf } from '../../graph/tada.ts'

const SecurityFields = graphql(`
  fragment SecurityFields on Security {
    totpEnabled
    recoveryCodesLeft
    passwordChangedAt
    passwordExpiresAt
    emailVerified
    passkeys {
      id
      label
      createdAt
      lastUsedAt
    }
  }
`)
export type SecurityState = ResultOf<typeof SecurityFields>
export type Passkey = SecurityState['passkeys'][number]

export const MySecurity = graphql(
  `
    query MySecurity {
      viewer {
        id
        user {
          id
          email
        }
        security {
          ...SecurityFields
        }
      }
    }
  `,
  [SecurityFields],
)

export const MySessions = graphql(`
  query MySessions {
    viewer {
      id
      sessions {
        id
        current
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

type Viewer = NonNullable<ResultOf<typeof MySessions>['viewer']>
export type Session = Viewer['sessions'][number]

export const RevokeSession = graphql(`
  mutation RevokeSession($id: ID!) {
    revokeSession(id: $id) {
      __typename
      ... on SessionRevoked {
        id
      }
    }
  }
`)

export const RevokeOtherSessions = graphql(`
  mutation RevokeOtherSessions {
    revokeOtherSessions {
      count
    }
  }
`)

export const RevokeAllSessions = graphql(`
  mutation RevokeAllSessions {
    revokeAllSessions {
      count
    }
  }
`)
