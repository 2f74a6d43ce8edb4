import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Cluster, clusterFrom } from '../model/cluster.ts'
import type { Container, Workload } from '../model/workload.ts'
import type { JsonRecord } from '../render/json.ts'
import { k3sFolder, profiles, renderOverlay } from '../render/overlay.ts'
import { nameOf, namespaceOf } from '../render/resource.ts'

/** What each profile makes of a cluster. */
export const clusters: readonly (readonly [profile: string, cluster: Cluster])[] = profiles.map(
  (profile) => [profile, clusterFrom(renderOverlay(profile))],
)

/** `app/gateway`. Throws when there is none. */
export function workloadAt(cluster: Cluster, place: string): Workload {
  const found = cluster.workloads.find(({ namespace, name }) => `${namespace}/${name}` === place)
  if (!found) throw new Error(`there is no workload ${place}`)
  return found
}

/** The one container of a workload that serves. */
export function containerAt(cluster: Cluster, place: string): Container {
  const [container] = workloadAt(cluster, place).containers.filter(({ isInit }) => !isInit)
  if (!container) throw new Error(`${place} has no container`)
  return container
}

/** `Service edge/traefik`. Throws when there is none. */
export function objectAt(cluster: Cluster, kind: string, place: string): JsonRecord {
  const found = cluster.of(kind).find((value) => `${namespaceOf(value)}/${nameOf(value)}` === place)
  if (!found) throw new Error(`there is no ${kind} ${place}`)
  return found
}

/** What a profile and the components that somebody chose make of a cluster. */
export async function withComponents(profile: string, components: readonly string[]) {
  const root = await mkdtemp(join(tmpdir(), 'plexus-components-'))
  const to = (path: string) => relative(root, join(k3sFolder, path))
  const lines = [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    `resources: ["${to(`overlays/${profile}`)}"]`,
    `components: ${JSON.stringify(components.map((name) => to(`components/${name}`)))}`,
  ]
  await writeFile(join(root, 'kustomization.yaml'), lines.join('\n'))
  try {
    return clusterFrom(renderOverlay(root))
  } finally {
    await rm(root, { recursive: true })
  }
}
