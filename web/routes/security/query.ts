import { graphql, type ResultOf } from '../../graph/tada.ts'

export const MySessions = graphql(`
  query MySessions {
    viewer {
      id
      sessions {
        id
        current
        device
        ip
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
