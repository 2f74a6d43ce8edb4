import { at, type JsonRecord, recordOf, recordsOf, textOf, textsOf } from '../render/json.ts'
import { kindOf, type Manifest, nameOf, namespaceOf } from '../render/resource.ts'

export type Labels = Readonly<Record<string, string>>

export type Container = {
  readonly name: string
  readonly image: string
  /** Runs before the others, and ends; or beside them for as long as they do. */
  readonly isInit: boolean
  readonly ports: readonly { readonly name: string; readonly port: number }[]
  readonly value: JsonRecord
}

/** Whatever makes pods. */
export type Workload = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  /** Null where an operator writes the pod. */
  readonly pod: JsonRecord | null
  readonly containers: readonly Container[]
  /** How many pods there are when nothing is asked of them. */
  readonly replicas: number
  /** Serves until it is stopped, rather than ending by itself. */
  readonly isServing: boolean
  readonly manifest: Manifest
}

const podPaths: Readonly<Record<string, string>> = {
  Pod: '',
  Deployment: 'spec.template',
  StatefulSet: 'spec.template',
  DaemonSet: 'spec.template',
  Job: 'spec.template',
  CronJob: 'spec.jobTemplate.spec.template',
}
const ending = new Set(['Job', 'CronJob'])

const containerFrom = (value: JsonRecord, isInit: boolean): Container => ({
  name: textOf(value.name),
  image: textOf(value.image),
  isInit,
  value,
  ports: recordsOf(value.ports).map((port) => ({
    name: textOf(port.name),
    port: Number(port.containerPort),
  })),
})

const containersOf = (pod: JsonRecord): Container[] => [
  ...recordsOf(pod.initContainers).map((value) => containerFrom(value, true)),
  ...recordsOf(pod.containers).map((value) => containerFrom(value, false)),
]

/** Who decides how many pods there are, and where it says the least. KEDA's own preset is none. */
const scalers: Readonly<Record<string, { readonly least: string; readonly preset: number }>> = {
  HorizontalPodAutoscaler: { least: 'spec.minReplicas', preset: 1 },
  ScaledObject: { least: 'spec.minReplicaCount', preset: 0 },
}

/** An autoscaler's least number wins over what the workload says. */
function replicasOf(manifest: Manifest, all: readonly Manifest[]): number {
  const scaler = all.find(
    (value) =>
      kindOf(value) in scalers &&
      namespaceOf(value) === namespaceOf(manifest) &&
      at(value, 'spec.scaleTargetRef.name') === nameOf(manifest) &&
      (at(value, 'spec.scaleTargetRef.kind') ?? 'Deployment') === kindOf(manifest),
  )
  const { least, preset } = (scaler && scalers[kindOf(scaler)]) ?? { least: '', preset: 1 }
  return Number(scaler ? (at(scaler, least) ?? preset) : (at(manifest, 'spec.replicas') ?? 1))
}

function plain(manifest: Manifest, path: string, all: readonly Manifest[]): Workload {
  const template = path === '' ? manifest : recordOf(at(manifest, path))
  const pod = recordOf(template.spec)
  return {
    kind: kindOf(manifest),
    namespace: namespaceOf(manifest),
    name: nameOf(manifest),
    labels: textsOf(at(template, 'metadata.labels')),
    pod,
    containers: containersOf(pod),
    replicas: replicasOf(manifest, all),
    isServing: !ending.has(kindOf(manifest)),
    manifest,
  }
}

type Operated = {
  readonly labels: (manifest: Manifest) => Labels
  readonly replicas: string
  readonly ports: Readonly<Record<string, number>>
}

/** What operators make of their objects. Source: labels and ports of CloudNativePG 1.28, Strimzi 0.49. */
const operated: Readonly<Record<string, Operated>> = {
  'postgresql.cnpg.io/v1 Cluster': {
    labels: (manifest) => ({
      ...textsOf(at(manifest, 'spec.inheritedMetadata.labels')),
      'cnpg.io/cluster': nameOf(manifest),
      'cnpg.io/podRole': 'instance',
    }),
    replicas: 'spec.instances',
    ports: { postgresql: 5432, metrics: 9187, status: 8000 },
  },
  'postgresql.cnpg.io/v1 Pooler': {
    labels: (manifest) => ({
      ...textsOf(at(manifest, 'spec.template.metadata.labels')),
      'cnpg.io/poolerName': nameOf(manifest),
    }),
    replicas: 'spec.instances',
    ports: { pgbouncer: 5432, metrics: 9127 },
  },
  'kafka.strimzi.io/v1 KafkaNodePool': {
    labels: (manifest) => ({
      ...textsOf(at(manifest, 'spec.template.pod.metadata.labels')),
      'strimzi.io/pool-name': nameOf(manifest),
    }),
    replicas: 'spec.replicas',
    ports: { controller: 9090, replication: 9091, tls: 9093 },
  },
}

function ofOperator(manifest: Manifest, { labels, replicas, ports }: Operated): Workload {
  const template = recordsOf(at(manifest, 'spec.template.spec.containers'))
  const resources = recordOf(at(manifest, 'spec.resources') ?? template[0]?.resources)
  const value: JsonRecord = { name: nameOf(manifest), resources }
  return {
    kind: kindOf(manifest),
    namespace: namespaceOf(manifest),
    name: nameOf(manifest),
    labels: labels(manifest),
    pod: null,
    containers: [
      {
        ...containerFrom(value, false),
        image: textOf(at(manifest, 'spec.imageName')),
        ports: Object.entries(ports).map(([name, port]) => ({ name, port })),
      },
    ],
    replicas: Number(at(manifest, replicas) ?? 1),
    isServing: true,
    manifest,
  }
}

/** Every workload of a rendered overlay. */
export const workloadsIn = (all: readonly Manifest[]): Workload[] =>
  all.flatMap((manifest) => {
    const path = podPaths[kindOf(manifest)]
    const operator = operated[`${textOf(manifest.apiVersion)} ${kindOf(manifest)}`]
    if (operator) return [ofOperator(manifest, operator)]
    return path === undefined ? [] : [plain(manifest, path, all)]
  })
