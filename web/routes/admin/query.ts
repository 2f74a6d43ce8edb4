import { graphql, type ResultOf, type VariablesOf } from '../../graph/tada.ts'

const PersonFields = graphql(`
  fragment PersonFields on User {
    id
    displayName
    email
    status
    roles
    createdAt
  }
`)
export type Person = ResultOf<typeof PersonFields>

export const People = graphql(
  `
    query People($first: Int!, $after: String, $search: String) {
      users(first: $first, after: $after, search: $search) {
        totalCount
        edges {
          cursor
          node {
            ...PersonFields
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  `,
  [PersonFields],
)

export const ProvisionAccount = graphql(`
  mutation ProvisionAccount($input: ProvisionAccountInput!) {
    provisionAccount(input: $input) {
      __typename
      ... on AccountProvisioned {
        userId
      }
      ... on ValidationError {
        path
      }
    }
  }
`)
/** Null while the list of people has not heard of an account that was just made. */
export const PersonArrived = graphql(`
  query PersonArrived($id: ID!) {
    user(id: $id) {
      id
    }
  }
`)
export type Role = VariablesOf<typeof ProvisionAccount>['input']['roles'][number]

const ClientFields = graphql(`
  fragment ClientFields on ApiClient {
    id
    clientId
    name
    scopes
    rateLimitPerMinute
    createdAt
    lastUsedAt
    disabledAt
    plan {
      plan
      pointsPerMinute
    }
  }
`)
export type ApiClient = ResultOf<typeof ClientFields>

export const ApiClients = graphql(
  `
    query ApiClients($first: Int!, $after: String) {
      apiClients(first: $first, after: $after) {
        edges {
          cursor
          node {
            ...ClientFields
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  `,
  [ClientFields],
)

export const RegisterClient = graphql(
  `
    mutation RegisterClient($input: RegisterClientInput!) {
      registerApiClient(input: $input) {
        __typename
        ... on ClientRegistered {
          client {
            ...ClientFields
          }
          secretShownOnce
        }
        ... on ValidationError {
          path
        }
      }
    }
  `,
  [ClientFields],
)

export const RotateClient = graphql(
  `
    mutation RotateClient($id: ID!) {
      rotateClientSecret(id: $id) {
        __typename
        ... on ClientSecretRotated {
          client {
            ...ClientFields
          }
          secretShownOnce
        }
      }
    }
  `,
  [ClientFields],
)

export const DisableClient = graphql(
  `
    mutation DisableClient($id: ID!) {
      disableApiClient(id: $id) {
        __typename
        ... on ApiClientDisabled {
          client {
            ...ClientFields
          }
        }
      }
    }
  `,
  [ClientFields],
)

const PaymentFields = graphql(`
  fragment PaymentFields on Payment {
    id
    status
    amount {
      amount
      currency
    }
    refunded {
      amount
      currency
    }
    failureCode
    createdAt
  }
`)

const PaymentLine = graphql(
  `
    fragment PaymentLine on Payment {
      ...PaymentFields
      booking {
        id
        reference
        client {
          id
          displayName
        }
      }
    }
  `,
  [PaymentFields],
)
export type PaymentLine = ResultOf<typeof PaymentLine>
export type PaymentStatus = PaymentLine['status']

export const Payments = graphql(
  `
    query Payments($first: Int!, $after: String, $filter: PaymentFilter) {
      payments(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...PaymentLine
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  `,
  [PaymentLine, PaymentFields],
)

export const RefundPayment = graphql(
  `
    mutation RefundPayment($input: RefundInput!) {
      refundPayment(input: $input) {
        __typename
        ... on Refunded {
          payment {
            ...PaymentFields
          }
        }
        ... on RefundTooLargeError {
          refundable {
            amount
            currency
          }
        }
      }
    }
  `,
  [PaymentFields],
)

const DeliveryFields = graphql(`
  fragment DeliveryFields on WebhookDelivery {
    id
    provider
    eventId
    type
    receivedAt
    status
    attempts
    lastError
  }
`)
export type Delivery = ResultOf<typeof DeliveryFields>

export const Deliveries = graphql(
  `
    query Deliveries($first: Int!, $after: String) {
      webhookDeliveries(first: $first, after: $after) {
        edges {
          cursor
          node {
            ...DeliveryFields
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  `,
  [DeliveryFields],
)

export const ReplayDelivery = graphql(
  `
    mutation ReplayDelivery($id: ID!) {
      replayWebhook(deliveryId: $id) {
        __typename
        ... on WebhookReplayed {
          delivery {
            ...DeliveryFields
          }
        }
      }
    }
  `,
  [DeliveryFields],
)
