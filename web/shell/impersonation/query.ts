import { graphql } from '../../graph/tada.ts'

export const EndImpersonation = graphql(`
  mutation EndImpersonation {
    endImpersonation {
      __typename
    }
  }
`)
