import { graphql } from '../graph/tada.ts'

/** By what the reader can show that it is them. */
export const MyFactors = graphql(`
  query MyFactors {
    viewer {
      id
      security {
        totpEnabled
        recoveryCodesLeft
        passkeys {
          id
        }
      }
    }
  }
`)

export const VerifyTotp = graphql(`
  mutation VerifyTotp($input: VerifyTotpInput!) {
    verifyTotp(input: $input) {
      __typename
      ... on TotpVerified {
        acr
      }
      ... on InvalidCodeError {
        attemptsLeft
        lockedUntil
      }
    }
  }
`)

export const UseRecoveryCode = graphql(`
  mutation UseRecoveryCode($code: String!) {
    useRecoveryCode(code: $code) {
      __typename
      ... on RecoveryCodeUsed {
        acr
      }
      ... on InvalidCodeError {
        attemptsLeft
        lockedUntil
      }
    }
  }
`)

export const StartPasskeyVerification = graphql(`
  mutation StartPasskeyVerification {
    startPasskeyVerification {
      __typename
      ... on PasskeyChallenge {
        options
      }
    }
  }
`)

export const FinishPasskeyVerification = graphql(`
  mutation FinishPasskeyVerification($response: String!) {
    finishPasskeyVerification(response: $response) {
      __typename
      ... on PasskeyVerified {
        acr
      }
    }
  }
`)
