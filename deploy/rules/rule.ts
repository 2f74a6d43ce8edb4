import type { Cluster } from '../model/cluster.ts'
import type { Container, Workload } from '../model/workload.ts'

/** One thing that every overlay holds to. */
export type Rule = {
  /** As files in `test/invalid` are called. */
  readonly name: string
  readonly promise: string
  /** Who breaks it, and how; empty when nobody does. */
  readonly faultsIn: (cluster: Cluster) => readonly string[]
}

export const titleOf = ({ kind, namespace, name }: Workload): string =>
  `${kind} ${namespace}/${name}`

type Check<Subject> = (subject: Subject, workload: Workload, cluster: Cluster) => string | null

const said = (title: string, why: string | null) => (why === null ? [] : [`${title}: ${why}`])

/** A rule for each workload whose pod we write ourselves. */
export const forWorkloads = (
  name: string,
  promise: string,
  check: (workload: Workload, cluster: Cluster) => string | null,
): Rule => ({
  name,
  promise,
  faultsIn: (cluster) =>
    cluster.workloads
      .filter(({ pod }) => pod !== null)
      .flatMap((workload) => said(titleOf(workload), check(workload, cluster))),
})

/** A rule for each container of those. */
export const forContainers = (name: string, promise: string, check: Check<Container>): Rule => ({
  name,
  promise,
  faultsIn: (cluster) =>
    cluster.workloads
      .filter(({ pod }) => pod !== null)
      .flatMap((workload) =>
        workload.containers.flatMap((container) =>
          said(
            `${titleOf(workload)} container ${container.name}`,
            check(container, workload, cluster),
          ),
        ),
      ),
})
