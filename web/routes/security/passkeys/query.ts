import { graphql } from '../../../graph/tada.ts'

export const StartPasskeyRegistration = graphql(`
  mutation StartPasskeyRegistration($password: String) {
    startPasskeyRegistration(password: $password) {
      __typename
      ... on PasskeyChallenge {
        options
      }
    }
  }
`)

export const FinishPasskeyRegistration = graphql(`
  mutation FinishPasskeyRegistration($input: PasskeyInput!) {
    finishPasskeyRegistration(input: $input) {
      __typename
      ... on PasskeyAdded {
        recoveryCodes
      }
    }
  }
`)

export const RemovePasskey = graphql(`
  mutation RemovePasskey($id: ID!) {
    removePasskey(id: $id) {
      __typename
    }
  }
`)
