import { graphql, type ResultOf } from '../../graph/tada.ts'

const TargetFields = graphql(`
  fragment TargetFields on HealthTarget {
    name
    state
    checkedAt
    latencyMs
    certificateEndsAt
    days {
      day
      uptime
    }
  }
`)
export type Target = ResultOf<typeof TargetFields>
export type State = Target['state']

export const ServiceStatus = graphql(
  `
    query ServiceStatus {
      serviceStatus {
        state
        targets {
          ...TargetFields
        }
      }
    }
  `,
  [TargetFields],
)
