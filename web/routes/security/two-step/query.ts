import { graphql } from '../../../graph/tada.ts'

export const EnrolTotp = graphql(`
  mutation EnrolTotp($password: String) {
    enrolTotp(password: $password) {
      __typename
      ... on TotpEnrolment {
        secret
        otpauthUrl
        qrSvg
        expiresAt
      }
    }
  }
`)

/** The first code from the app, which makes the enrolment count. */
export const ConfirmTotp = graphql(`
  mutation ConfirmTotp($input: VerifyTotpInput!) {
    verifyTotp(input: $input) {
      __typename
      ... on TotpVerified {
        recoveryCodes
      }
      ... on InvalidCodeError {
        attemptsLeft
        lockedUntil
      }
    }
  }
`)

export const DisableTotp = graphql(`
  mutation DisableTotp($code: String!) {
    disableTotp(code: $code) {
      __typename
      ... on InvalidCodeError {
        attemptsLeft
        lockedUntil
      }
    }
  }
`)

export const RegenerateRecoveryCodes = graphql(`
  mutation RegenerateRecoveryCodes {
    regenerateRecoveryCodes {
      __typename
      ... on RecoveryCodes {
        codes
      }
    }
  }
`)
