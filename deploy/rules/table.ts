import type { Cluster } from '../model/cluster.ts'
import { accessRules } from './access.ts'
import { containerRules } from './containers.ts'
import { hostRules } from './hosts.ts'
import { imageRules } from './images.ts'
import { nameRules } from './names.ts'
import { networkRules } from './network.ts'
import { podRules } from './pods.ts'
import { restrictedRules } from './restricted.ts'
import type { Rule } from './rule.ts'
import { serviceRules } from './services.ts'

/** Every rule that an overlay holds to. Each has a manifest in `test/invalid` that breaks it and no other. */
export const rules: readonly Rule[] = [
  ...containerRules,
  ...restrictedRules,
  ...podRules,
  ...serviceRules,
  ...nameRules,
  ...imageRules,
  ...networkRules,
  ...accessRules,
  ...hostRules,
]

/** What is broken, by rule. */
export const brokenIn = (cluster: Cluster): ReadonlyMap<string, readonly string[]> =>
  new Map(
    rules
      .map(({ name, faultsIn }) => [name, faultsIn(cluster)] as const)
      .filter(([, faults]) => faults.length > 0),
  )
