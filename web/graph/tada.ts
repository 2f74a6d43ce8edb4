import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../graphql-env.d.ts'

/** Typed documents. Fragments are plain types here (no masking): a page and its parts are read together. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: {
    DateTime: string
    Date: string
    LocalTime: string
    TimeZone: string
    Duration: string
    MinorUnits: number
  }
}>()

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada'
