import { join } from 'node:path'
import { RenderFault } from './fault.ts'
import { at, isRecord, recordIn, recordsOf } from './json.ts'
import { type Kustomization, kustomizationFile } from './kustomization.ts'
import {
  isClusterScoped,
  keyOf,
  kindOf,
  type Manifest,
  nameOf,
  type Resource,
  titleOf,
} from './resource.ts'

const isBinding = (value: Manifest) => /^(Cluster)?RoleBinding$/.test(kindOf(value))

/** As kustomize does: a Namespace takes the name, and a binding's subject `default` the namespace. */
export function setNamespace(all: readonly Resource[], namespace: string): void {
  for (const resource of all) {
    const { value } = resource
    resource.isFollowed = true
    const metadata = recordIn(value, 'metadata')
    if (!isClusterScoped(value)) metadata.namespace = namespace
    if (kindOf(value) === 'Namespace') metadata.name = namespace
    if (!isBinding(value)) continue
    for (const subject of recordsOf(value.subjects))
      if (subject.name === 'default') subject.namespace = namespace
  }
}

/** Where else than on the object itself `includeTemplates` writes. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec.template'],
  ReplicaSet: ['spec.template'],
  ReplicationController: ['spec.template'],
  DaemonSet: ['spec.template'],
  StatefulSet: ['spec.template'],
  Job: ['spec.template'],
  CronJob: ['spec.jobTemplate', 'spec.jobTemplate.spec.template'],
}

function mark(value: Manifest, field: string, pairs: Readonly<Record<string, string>>): void {
  Object.assign(recordIn(recordIn(value, 'metadata'), field), pairs)
}

function templatesOf(value: Manifest): Manifest[] {
  return (templates[kindOf(value)] ?? []).flatMap((path) => {
    const template = at(value, path)
    return isRecord(template) ? [template] : []
  })
}

export function setLabels(all: readonly Resource[], labels: Kustomization['labels']): void {
  for (const { pairs, includeTemplates } of labels)
    for (const { value } of all) {
      mark(value, 'labels', pairs)
      if (!includeTemplates) continue
      for (const template of templatesOf(value)) mark(template, 'labels', pairs)
    }
}

export function setAnnotations(
  all: readonly Resource[],
  annotations: Kustomization['commonAnnotations'],
): void {
  if (Object.keys(annotations).length === 0) return
  for (const { value } of all)
    for (const place of [value, ...templatesOf(value)]) mark(place, 'annotations', annotations)
}

const scaled = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'])

export function setReplicas(
  all: readonly Resource[],
  replicas: Kustomization['replicas'],
  folder: string,
): void {
  for (const { name, count } of replicas) {
    const found = all.filter(
      ({ value, original }) =>
        scaled.has(kindOf(value)) && [nameOf(value), original.name].includes(name),
    )
    if (found.length === 0)
      throw new RenderFault(join(folder, kustomizationFile), `replicas: there is no ${name}`)
    for (const { value } of found) recordIn(value, 'spec').replicas = count
  }
}

/** Throws when two objects have become the same. */
export function requireUnique(all: readonly Resource[]): void {
  const seen = new Map<string, Resource>()
  for (const resource of all) {
    const key = keyOf(resource.value)
    const other = seen.get(key)
    if (other)
      throw new RenderFault(resource.file, `${titleOf(resource.value)} is in ${other.file} too`)
    seen.set(key, resource)
  }
}
