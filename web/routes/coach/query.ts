import { BookingCard, SlotFields } from '../../graph/fragments.ts'
import { graphql, type ResultOf } from '../../graph/tada.ts'

export const CoachPage = graphql(`
  query CoachPage($slug: String!, $locale: String!) {
    coach(slug: $slug) {
      id
      slug
      displayName
      headline
      bio(locale: $locale)
      specialties
      languages
      city
      timeZone
      services(first: 25) {
        edges {
          cursor
          node {
            id
            name(locale: $locale)
            description(locale: $locale)
            duration
            capacity
            location
            minimumNotice
            horizon
            cancellationPolicy {
              cancelNotice
              steps {
                atLeastBefore
                refundPercent
              }
            }
            price {
              amount
              currency
            }
          }
        }
      }
    }
  }
`)
export type Coach = NonNullable<ResultOf<typeof CoachPage>['coach']>
type ServiceNode = Coach['services']['edges'][number]['node']
/** Without a price: it is not known, which is not the same as free. */
export type Service = Omit<ServiceNode, 'price'> & { price?: ServiceNode['price'] }

export const MonthSlots = graphql(
  `
    query MonthSlots($input: SlotsInput!) {
      slots(input: $input) {
        __typename
        ... on Slots {
          timeZone
          computedAt
          days {
            date
            slots {
              ...SlotFields
            }
          }
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `,
  [SlotFields],
)

export const HoldSlot = graphql(
  `
    mutation HoldSlot($input: HoldSlotInput!, $locale: String!) {
      holdSlot(input: $input) {
        __typename
        ... on SlotHeld {
          expiresAt
          booking {
            ...BookingCard
          }
        }
        ... on SlotTakenError {
          alternatives {
            ...SlotFields
          }
        }
        ... on OutsidePolicyError {
          deadline
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `,
  [BookingCard, SlotFields],
)
