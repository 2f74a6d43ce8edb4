import { z } from 'zod'
import { parseConfig } from '#kit/config'
import { nodeLacks } from './enclosure.ts'
import type { Place } from './place.ts'

const Env = z.object({ PLEXUS_CLUSTER: z.string().default('') })

const { PLEXUS_CLUSTER } = parseConfig(Env, process.env)

/** The cluster that this process stands beside. */
export const here: Place = { folder: PLEXUS_CLUSTER }

/** Why a suite cannot run, or null when it can. */
export const clusterMissing = (): string | null =>
  nodeLacks() ?? (PLEXUS_CLUSTER ? null : 'no cluster: bun deploy/cluster.ts bun test …')

/** What was measured stands beside the test in the report. */
export const figure = (name: string, value: string | number): void =>
  console.log(`figure: ${name}: ${value}`)
