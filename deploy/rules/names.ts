import type { Cluster } from '../model/cluster.ts'
import type { Workload } from '../model/workload.ts'
import { at, everyAt, type Json, type JsonRecord, listOf, textOf, textsOf } from '../render/json.ts'
import { kindOf, nameOf, namespaceOf, titleOf as objectTitle } from '../render/resource.ts'
import { secretTable } from '../secrets/table.ts'
import { type Rule, titleOf } from './rule.ts'

type Reference = {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  readonly keys: readonly string[]
  readonly isOptional: boolean
}

const places = [
  ['ConfigMap', 'volumes configMap', 'name'],
  ['ConfigMap', 'volumes projected sources configMap', 'name'],
  ['ConfigMap', 'containers env valueFrom configMapKeyRef', 'name'],
  ['ConfigMap', 'initContainers env valueFrom configMapKeyRef', 'name'],
  ['ConfigMap', 'containers envFrom configMapRef', 'name'],
  ['ConfigMap', 'initContainers envFrom configMapRef', 'name'],
  ['Secret', 'volumes secret', 'secretName'],
  ['Secret', 'volumes projected sources secret', 'name'],
  ['Secret', 'containers env valueFrom secretKeyRef', 'name'],
  ['Secret', 'initContainers env valueFrom secretKeyRef', 'name'],
  ['Secret', 'containers envFrom secretRef', 'name'],
  ['Secret', 'initContainers envFrom secretRef', 'name'],
  ['Secret', 'imagePullSecrets', 'name'],
] as const

const keysOf = (value: JsonRecord): string[] => [
  ...(typeof value.key === 'string' ? [value.key] : []),
  ...listOf(value.items).map((item) => textOf(at(item, 'key'))),
]

const referencesOf = (pod: Json): Reference[] =>
  places.flatMap(([kind, path, field]) =>
    everyAt(pod, path.split(' ')).map((value) => ({
      kind,
      name: textOf(value[field]),
      keys: keysOf(value),
      isOptional: value.optional === true,
    })),
  )

/** In every namespace, from Kubernetes itself. */
const given = 'kube-root-ca.crt'

function configFault(cluster: Cluster, namespace: string, wanted: Reference): string | null {
  if (wanted.kind !== 'ConfigMap' || wanted.name === given || wanted.isOptional) return null
  const map = cluster
    .of('ConfigMap')
    .find((value) => nameOf(value) === wanted.name && namespaceOf(value) === namespace)
  if (!map) return `there is no ConfigMap ${wanted.name}`
  const keys = Object.keys({ ...textsOf(map.data), ...textsOf(map.binaryData) })
  const missing = wanted.keys.find((key) => !keys.includes(key))
  return missing === undefined ? null : `ConfigMap ${wanted.name} has no key ${missing}`
}

/** Secrets that something in the cluster makes. */
const madeBy = (cluster: Cluster): string[] => [
  ...cluster
    .of('Certificate')
    .map((value) => `${namespaceOf(value)}/${textOf(at(value, 'spec.secretName'))}`),
  ...cluster
    .of('Cluster')
    .flatMap((value) =>
      ['ca', 'server', 'replication', 'app', 'superuser'].map(
        (end) => `${namespaceOf(value)}/${nameOf(value)}-${end}`,
      ),
    ),
]

function secretFault(cluster: Cluster, workload: Workload, wanted: Reference): string | null {
  const { namespace, labels } = workload
  if (wanted.kind !== 'Secret' || madeBy(cluster).includes(`${namespace}/${wanted.name}`))
    return null
  const row = secretTable.find(
    ({ name, namespaces }) => name === wanted.name && namespaces.includes(namespace),
  )
  if (!row) return `${namespace} has no Secret ${wanted.name}`
  const reader = labels['app.kubernetes.io/name'] ?? ''
  const isOpen = row.readers.length === 0 || row.readers.includes(reader)
  return isOpen ? null : `Secret ${wanted.name} is not for ${reader}`
}

const forReferences = (
  name: string,
  promise: string,
  check: (cluster: Cluster, workload: Workload, wanted: Reference) => string | null,
): Rule => ({
  name,
  promise,
  faultsIn: (cluster) =>
    cluster.workloads.flatMap((workload) => {
      const faults = referencesOf(workload.pod).map((wanted) => check(cluster, workload, wanted))
      const found = faults.filter((fault) => fault !== null)
      return [...new Set(found)].map((fault) => `${titleOf(workload)}: ${fault}`)
    }),
})

/** SOPS leaves a text alone that is empty. */
const isEncrypted = (value: JsonRecord) =>
  value.sops !== undefined &&
  Object.values({ ...textsOf(value.data), ...textsOf(value.stringData) }).every(
    (text) => text === '' || text.startsWith('ENC['),
  )

/** What begins like this is nobody's setting. */
const secretText =
  /-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-|\bsk_live_|:\/\/[^/\s:@]+:[^@\s$]+@/

/** Claims that stand as such, and those that a StatefulSet makes for each of its pods. */
const claimsIn = ({ workloads, of }: Cluster): string[] => [
  ...of('PersistentVolumeClaim').map((value) => `${namespaceOf(value)}/${nameOf(value)}`),
  ...workloads.flatMap(({ manifest, namespace, name, replicas }) =>
    everyAt(manifest, ['spec', 'volumeClaimTemplates', 'metadata']).flatMap((metadata) =>
      Array.from(
        { length: replicas },
        (_, index) => `${namespace}/${textOf(metadata.name)}-${name}-${index}`,
      ),
    ),
  ),
]

export const nameRules: readonly Rule[] = [
  forReferences(
    'config-exists',
    'Every ConfigMap that a pod reads is there.',
    (cluster, one, wanted) => configFault(cluster, one.namespace, wanted),
  ),
  forReferences(
    'secret-known',
    'Every Secret that a pod reads is in the table, in its namespace, and for that pod.',
    secretFault,
  ),
  {
    name: 'claim-exists',
    promise: 'Every volume that a pod claims is there.',
    faultsIn: (cluster) => {
      const claims = claimsIn(cluster)
      return cluster.workloads.flatMap((workload) =>
        everyAt(workload.pod ?? {}, ['volumes', 'persistentVolumeClaim'])
          .map(({ claimName }) => textOf(claimName))
          .filter((claim) => !claims.includes(`${workload.namespace}/${claim}`))
          .map((claim) => `${titleOf(workload)}: there is no claim ${claim}`),
      )
    },
  },
  {
    name: 'account-exists',
    promise: 'Every pod runs as an account that is there.',
    faultsIn: (cluster) =>
      cluster.workloads.flatMap((workload) => {
        const account = textOf(workload.pod?.serviceAccountName)
        const isThere = cluster
          .of('ServiceAccount')
          .some((value) => nameOf(value) === account && namespaceOf(value) === workload.namespace)
        return account === '' || isThere
          ? []
          : [`${titleOf(workload)}: there is no account ${account}`]
      }),
  },
  {
    name: 'no-plain-secret',
    promise: 'No Secret stands in Git that somebody could read.',
    faultsIn: (cluster) =>
      cluster
        .of('Secret')
        .filter((value) => !isEncrypted(value))
        .map((value) => `${objectTitle(value)}: is not encrypted`),
  },
  {
    name: 'no-secret-in-config',
    promise: 'No key and no password stands in a ConfigMap.',
    faultsIn: (cluster) =>
      cluster.of('ConfigMap').flatMap((value) =>
        Object.entries(textsOf(value.data))
          .filter(([, text]) => secretText.test(text))
          .map(([key]) => `${objectTitle(value)}: ${key} holds a secret`),
      ),
  },
  {
    name: 'namespace-exists',
    promise: 'Every object lies in a namespace of ours, or in one that is known.',
    faultsIn: (cluster) =>
      cluster.manifests
        .filter((value) => namespaceOf(value) !== '')
        .filter((value) => ![...cluster.namespaces.keys(), ...foreign].includes(namespaceOf(value)))
        .map((value) => `${objectTitle(value)}: there is no such namespace`),
  },
  {
    name: 'placed',
    promise: 'What belongs into a namespace says which, and what belongs to the cluster says none.',
    faultsIn: (cluster) =>
      cluster.manifests
        .filter((value) => (namespaceOf(value) === '') !== ofCluster.has(kindOf(value)))
        .map((value) => `${objectTitle(value)}: is in the wrong place`),
  },
]

/** Namespaces of others, in which something of ours lies. */
const foreign = ['kube-system', 'flux-system', 'cert-manager', 'cnpg-system']

const ofCluster = new Set([
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
])
