import type { NotRun } from '../runner/not-run.ts'
import { withoutSchema } from '../test/tools/without-schema.ts'

/** What a real API server could say of the manifests, and does not here. */
export const notRun: readonly NotRun[] = [
  ...withoutSchema.map(({ group, project }) => ({
    step: `dry-run of the kinds of ${group}`,
    why: `${project} publishes their definitions in no package registry; only their rendering is tested`,
  })),
  {
    step: 'enforcement of NetworkPolicies',
    why: 'the API server stores them, and no controller that enforces them can be had here; what they allow is evaluated',
  },
]
