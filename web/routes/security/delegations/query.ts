import { graphql, type ResultOf } from '../../../graph/tada.ts'

const DelegationFields = graphql(`
  fragment DelegationFields on Delegation {
    id
    scopes
    expiresAt
    reason
    from {
      id
      displayName
    }
    to {
      id
      displayName
    }
  }
`)
export type Delegation = ResultOf<typeof DelegationFields>

export const MyDelegations = graphql(
  `
    query MyDelegations {
      viewer {
        id
        scopes
        delegationsGiven {
          ...DelegationFields
        }
        delegationsReceived {
          ...DelegationFields
        }
        actingAs {
          id
        }
      }
    }
  `,
  [DelegationFields],
)

export const GrantDelegation = graphql(`
  mutation GrantDelegation($input: GrantDelegationInput!) {
    grantDelegation(input: $input) {
      __typename
    }
  }
`)

export const RevokeDelegation = graphql(`
  mutation RevokeDelegation($id: ID!) {
    revokeDelegation(id: $id) {
      __typename
    }
  }
`)

export const ActFor = graphql(`
  mutation ActFor($id: ID!) {
    actFor(delegationId: $id) {
      __typename
    }
  }
`)

export const EndActing = graphql(`
  mutation EndActing {
    endActing {
      __typename
    }
  }
`)
