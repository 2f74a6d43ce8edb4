import { z } from 'zod'
import { count } from '#kit/config'
import { costDefaults } from '#kit/cost/settings'
import type { CatalogSettings } from './catalog.ts'

const { max, listSize } = costDefaults

/** The same variables that the gateway reads: what it would refuse is not published. */
export const operationEnv = {
  /** What composition wrote: contracts, the supergraph and the platform's own operations. */
  SCHEMA_FOLDER: z.string().default('schema'),
  COST_MAX: count(max.outsider),
  COST_MAX_PARTNER: count(max.partner),
  COST_LIST_SIZE: count(listSize),
}

type OperationEnv = z.output<z.ZodObject<typeof operationEnv>>

export type OperationSettings = CatalogSettings & { readonly folder: string }

export const operationSettings = (env: OperationEnv): OperationSettings => ({
  folder: env.SCHEMA_FOLDER,
  max: { outsider: env.COST_MAX, partner: env.COST_MAX_PARTNER },
  listSize: env.COST_LIST_SIZE,
})
