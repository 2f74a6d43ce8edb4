import { BookingCard } from '../../graph/fragments.ts'
import { graphql, type ResultOf } from '../../graph/tada.ts'

const OwnService = graphql(`
  fragment OwnService on Service {
    id
    nameFr: name(locale: "fr")
    nameEn: name(locale: "en")
    descriptionFr: description(locale: "fr")
    descriptionEn: description(locale: "en")
    duration
    capacity
    location
    bufferBefore
    bufferAfter
    minimumNotice
    horizon
    cancelNotice
    price {
      amount
      currency
    }
  }
`)
export type OwnService = ResultOf<typeof OwnService>

const OwnHours = graphql(`
  fragment OwnHours on Availability {
    timeZone
    version
    rules {
      id
      rrule
      startLocal
      duration
      validFrom
      validTo
    }
    exceptions(from: $from, to: $to) {
      id
      date
      closed
      ranges {
        start
        end
      }
    }
  }
`)
export type OwnHours = ResultOf<typeof OwnHours>

const OwnProfile = graphql(`
  fragment OwnProfile on Coach {
    id
    slug
    displayName
    headline
    bioFr: bio(locale: "fr")
    bioEn: bio(locale: "en")
    specialties
    languages
    city
    timeZone
    published
  }
`)
export type OwnProfile = ResultOf<typeof OwnProfile>

export const Workspace = graphql(
  `
    query Workspace($from: Date!, $to: Date!) {
      viewer {
        id
        coach {
          ...OwnProfile
          services(first: 50) {
            edges {
              cursor
              node {
                ...OwnService
              }
            }
          }
          availability {
            ...OwnHours
          }
        }
      }
    }
  `,
  [OwnProfile, OwnService, OwnHours],
)

const AgendaBooking = graphql(
  `
    fragment AgendaBooking on Booking {
      ...BookingCard
      client {
        id
        displayName
      }
      payment {
        id
        status
        refunded {
          amount
          currency
        }
      }
    }
  `,
  [BookingCard],
)
export type AgendaBooking = ResultOf<typeof AgendaBooking>

export const CoachAgenda = graphql(
  `
    query CoachAgenda($first: Int!, $after: String, $filter: BookingFilter, $locale: String!) {
      viewer {
        id
        coach {
          id
          bookings(first: $first, after: $after, filter: $filter, order: NEAREST_FIRST) {
            edges {
              cursor
              node {
                ...AgendaBooking
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
      }
    }
  `,
  [AgendaBooking],
)

export const AgendaChanged = graphql(
  `
    subscription AgendaChanged($coachId: ID!, $locale: String!) {
      coachCalendarChanged(coachId: $coachId) {
        id
        kind
        at
        booking {
          ...AgendaBooking
        }
      }
    }
  `,
  [AgendaBooking],
)

export const SetPrice = graphql(`
  mutation SetPrice($input: SetServicePriceInput!) {
    setServicePrice(input: $input) {
      __typename
      ... on ServicePriced {
        service {
          id
          price {
            amount
            currency
          }
        }
      }
      ... on ValidationError {
        path
      }
    }
  }
`)

export const SaveProfile = graphql(
  `
    mutation SaveProfile($input: UpsertCoachInput!) {
      upsertCoach(input: $input) {
        __typename
        ... on CoachUpserted {
          coach {
            ...OwnProfile
          }
        }
        ... on ValidationError {
          path
        }
      }
    }
  `,
  [OwnProfile],
)

export const SaveService = graphql(
  `
    mutation SaveService($input: UpsertServiceInput!) {
      upsertService(input: $input) {
        __typename
        ... on ServiceUpserted {
          service {
            ...OwnService
          }
        }
        ... on ValidationError {
          path
        }
      }
    }
  `,
  [OwnService],
)

export const SaveHours = graphql(
  `
    mutation SaveHours($input: SetAvailabilityInput!, $from: Date!, $to: Date!, $locale: String!) {
      setAvailability(input: $input) {
        __typename
        ... on AvailabilitySet {
          availability {
            ...OwnHours
          }
          conflictingBookings {
            ...BookingCard
          }
        }
        ... on ValidationError {
          path
        }
      }
    }
  `,
  [OwnHours, BookingCard],
)
