import { graphql, type ResultOf } from '../../../graph/tada.ts'

export const Plans = graphql(`
  query Plans {
    plans {
      name
      pointsPerMinute
      burst
      costMax
      concurrency
    }
  }
`)
export type Plan = ResultOf<typeof Plans>['plans'][number]

export const SetClientPlan = graphql(`
  mutation SetClientPlan($input: SetClientPlanInput!) {
    setClientPlan(input: $input) {
      __typename
      ... on ClientPlanSet {
        plan {
          plan
          pointsPerMinute
          costMax
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`)
