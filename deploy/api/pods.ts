import { at, isRecord, type JsonRecord, recordOf } from '../render/json.ts'
import { kindOf, type Manifest, nameOf, namespaceOf } from '../render/resource.ts'

const templates: Readonly<Record<string, string>> = {
  CronJob: 'spec.jobTemplate.spec.template',
  DaemonSet: 'spec.template',
  Deployment: 'spec.template',
  Job: 'spec.template',
  StatefulSet: 'spec.template',
}

/** Volumes that a StatefulSet brings to each of its pods. */
function claimedVolumes(manifest: Manifest): JsonRecord[] {
  const claims = at(manifest, 'spec.volumeClaimTemplates')
  return (Array.isArray(claims) ? claims : []).filter(isRecord).map((claim) => ({
    name: nameOf(claim),
    persistentVolumeClaim: { claimName: nameOf(claim) },
  }))
}

/** The pod that a controller would make of it; null for what makes none. */
export function podOf(manifest: Manifest): Manifest | null {
  const path = templates[kindOf(manifest)]
  const template = path === undefined ? undefined : at(manifest, path)
  if (!isRecord(template)) return null
  const spec = recordOf(template.spec)
  const volumes = [
    ...(Array.isArray(spec.volumes) ? spec.volumes : []),
    ...claimedVolumes(manifest),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...recordOf(template.metadata),
      name: nameOf(manifest),
      namespace: namespaceOf(manifest),
    },
    spec: { ...spec, ...(volumes.length > 0 && { volumes }) },
  }
}

export const podsOf = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.map(podOf).filter((pod) => pod !== null)
