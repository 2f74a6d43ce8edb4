import type { Workload } from '../model/workload.ts'
import { at, type JsonRecord, listOf, recordsOf, textsOf } from '../render/json.ts'
import { nameOf } from '../render/resource.ts'
import { type Rule, titleOf } from './rule.ts'

type Check = readonly [why: string, broken: (pod: JsonRecord, container: JsonRecord) => boolean]

const own = (pod: JsonRecord, container: JsonRecord, field: string) =>
  at(container, `securityContext.${field}`) ?? at(pod, `securityContext.${field}`)

const profiles = ['RuntimeDefault', 'Localhost']
const volumeKinds = new Set([
  'name',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

/** Source: the Pod Security Standards of Kubernetes, level restricted. */
const checks: readonly Check[] = [
  ['may run as root', (pod, container) => own(pod, container, 'runAsNonRoot') !== true],
  ['runs as root', (pod, container) => own(pod, container, 'runAsUser') === 0],
  [
    'may gain privileges',
    (_, container) => at(container, 'securityContext.allowPrivilegeEscalation') !== false,
  ],
  ['is privileged', (_, container) => at(container, 'securityContext.privileged') === true],
  [
    'keeps capabilities',
    (_, container) => !listOf(at(container, 'securityContext.capabilities.drop')).includes('ALL'),
  ],
  [
    'adds capabilities',
    (_, container) =>
      listOf(at(container, 'securityContext.capabilities.add')).some(
        (name) => name !== 'NET_BIND_SERVICE',
      ),
  ],
  [
    'has no seccomp profile',
    (pod, container) => !profiles.includes(String(own(pod, container, 'seccompProfile.type'))),
  ],
  [
    'takes a port of the node',
    (_, container) => recordsOf(container.ports).some(({ hostPort }) => hostPort !== undefined),
  ],
  [
    'shares a namespace of the node',
    (pod) => ['hostNetwork', 'hostPID', 'hostIPC'].some((field) => pod[field] === true),
  ],
  [
    'mounts what a restricted pod may not',
    (pod) =>
      recordsOf(pod.volumes).some((volume) =>
        Object.keys(volume).some((kind) => !volumeKinds.has(kind)),
      ),
  ],
  ['sets kernel parameters', (pod) => listOf(at(pod, 'securityContext.sysctls')).length > 0],
]

/** Namespaces where the API server lets more pass than `restricted`: what our pods there may, and why. */
const openNamespaces: Readonly<Record<string, { readonly may: string; readonly why: string }>> = {
  'node-agents': {
    may: 'mounts what a restricted pod may not',
    why: 'logs lie in a folder of the node, which only a host path reads',
  },
}

function faultsOf(workload: Workload): string[] {
  const { pod } = workload
  if (!pod) return []
  return workload.containers.flatMap(({ name, value }) =>
    checks
      .filter(([, broken]) => broken(pod, value))
      .filter(([why]) => why !== openNamespaces[workload.namespace]?.may)
      .map(([why]) => `${titleOf(workload)} container ${name}: ${why}`),
  )
}

const level = 'pod-security.kubernetes.io/enforce'

export const restrictedRules: readonly Rule[] = [
  {
    name: 'restricted',
    promise: 'Every pod is one that Pod Security admits at its strictest level.',
    faultsIn: ({ workloads }) => workloads.flatMap(faultsOf),
  },
  {
    name: 'namespace-restricted',
    promise: 'Every namespace of ours has the API server enforce that.',
    faultsIn: (cluster) =>
      cluster
        .of('Namespace')
        .filter((value) => textsOf(at(value, 'metadata.labels'))[level] !== 'restricted')
        .filter((value) => !(nameOf(value) in openNamespaces))
        .map((value) => `Namespace ${nameOf(value)}: does not enforce "restricted"`),
  },
]
