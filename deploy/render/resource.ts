import { RenderFault } from './fault.ts'
import { at, type JsonRecord, recordIn, textOf } from './json.ts'

/** An object of Kubernetes. */
export type Manifest = JsonRecord

/** An object on its way through kustomize, with the names that it had before. */
export type Resource = {
  readonly file: string
  value: Manifest
  /** Name and namespace as written, before any kustomization changed them. */
  readonly original: { readonly name: string; readonly namespace: string }
  /** Its name will end with a hash of its content. */
  hasHash: boolean
  /** A kustomization looked at its name or its namespace: who refers to it follows. */
  isFollowed: boolean
}

export const kindOf = (value: Manifest): string => textOf(value.kind)
export const nameOf = (value: Manifest): string => textOf(at(value, 'metadata.name'))
export const namespaceOf = (value: Manifest): string => textOf(at(value, 'metadata.namespace'))
export const labelsOf = (value: Manifest): JsonRecord =>
  recordIn(recordIn(value, 'metadata'), 'labels')

export const groupOf = (value: Manifest): string => {
  const version = textOf(value.apiVersion)
  return version.includes('/') ? (version.split('/')[0] ?? '') : ''
}

/** `Deployment app/gateway`: what people call it. */
export const titleOf = (value: Manifest): string => {
  const namespace = namespaceOf(value)
  return `${kindOf(value)} ${namespace ? `${namespace}/` : ''}${nameOf(value)}`
}

/** Two objects with one key are the same object. */
export const keyOf = (value: Manifest): string =>
  `${groupOf(value)} ${kindOf(value)} ${namespaceOf(value) || 'default'} ${nameOf(value)}`

export function resourceFrom(value: Manifest, file: string): Resource {
  if (!kindOf(value) || !textOf(value.apiVersion) || !nameOf(value))
    throw new RenderFault(file, 'an object needs apiVersion, kind and metadata.name')
  if (kindOf(value).endsWith('List')) throw new RenderFault(file, 'a list is written as documents')
  return {
    file,
    value,
    original: { name: nameOf(value), namespace: namespaceOf(value) },
    hasHash: false,
    isFollowed: false,
  }
}

const clusterScoped = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'FlowSchema',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
])

/** Kubernetes' own kinds outside every namespace. kustomize takes a kind that it does not know for one inside. */
export const isClusterScoped = (value: Manifest): boolean => clusterScoped.has(kindOf(value))
