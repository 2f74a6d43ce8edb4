import { graphql } from '../graph/tada.ts'

export const PasswordRules = graphql(`
  query PasswordRules {
    passwordPolicy {
      minLength
    }
  }
`)

export const SuggestPassword = graphql(`
  mutation SuggestPassword {
    generatePassword(length: 24) {
      __typename
      ... on GeneratedPassword {
        value
        entropyBits
      }
    }
  }
`)

export const ProofOfWork = graphql(`
  query ProofOfWork {
    proofOfWork {
      challenge
      difficulty
      expiresAt
    }
  }
`)

export const CreateAccount = graphql(`
  mutation CreateAccount($input: CreateAccountInput!) {
    createAccount(input: $input) {
      __typename
      ... on WeakPasswordError {
        problems
        entropyBits
      }
      ... on ValidationError {
        path
      }
      ... on RateLimitedError {
        retryAfterSeconds
      }
    }
  }
`)

export const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      __typename
      ... on RateLimitedError {
        retryAfterSeconds
      }
    }
  }
`)

export const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      __typename
      ... on WeakPasswordError {
        problems
        entropyBits
      }
    }
  }
`)

export const VerifyEmail = graphql(`
  mutation VerifyEmail($token: String!) {
    verifyEmail(token: $token) {
      __typename
    }
  }
`)
