import { graphql, type ResultOf } from '../../../graph/tada.ts'

const EventFields = graphql(`
  fragment EventFields on AuditEvent {
    id
    seq
    at
    action
    entity
    entityId
    ip
    detail
    hash
    actor {
      id
      displayName
    }
    onBehalfOf {
      id
      displayName
    }
  }
`)
export type AuditEvent = ResultOf<typeof EventFields>

export const AuditEvents = graphql(
  `
    query AuditEvents($first: Int!, $after: String, $filter: AuditFilter) {
      auditEvents(first: $first, after: $after, filter: $filter) {
        edges {
          cursor
          node {
            ...EventFields
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
  [EventFields],
)
