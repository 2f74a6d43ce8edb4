import { at, textsOf } from '../render/json.ts'
import { kindOf, type Manifest, nameOf } from '../render/resource.ts'
import { type Labels, type Workload, workloadsIn } from './workload.ts'

/** What an overlay makes of a cluster, as rules and tests ask about it. */
export type Cluster = {
  readonly manifests: readonly Manifest[]
  readonly workloads: readonly Workload[]
  readonly of: (kind: string) => readonly Manifest[]
  /** Namespaces that the overlay makes, with the labels that the API server gives them. */
  readonly namespaces: ReadonlyMap<string, Labels>
}

export function clusterFrom(manifests: readonly Manifest[]): Cluster {
  const byKind = Map.groupBy(manifests, kindOf)
  const namespaces = (byKind.get('Namespace') ?? []).map(
    (value) =>
      [
        nameOf(value),
        {
          ...textsOf(at(value, 'metadata.labels')),
          'kubernetes.io/metadata.name': nameOf(value),
        },
      ] as const,
  )
  return {
    manifests,
    workloads: workloadsIn(manifests),
    of: (kind) => byKind.get(kind) ?? [],
    namespaces: new Map(namespaces),
  }
}
