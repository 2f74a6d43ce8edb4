import type { Cluster } from '../model/cluster.ts'
import { isSelected } from '../model/selector.ts'
import type { Workload } from '../model/workload.ts'
import { at, type Json, recordsOf, textOf, textsOf } from '../render/json.ts'
import { type Manifest, nameOf, namespaceOf, titleOf } from '../render/resource.ts'
import type { Rule } from './rule.ts'

const near = (cluster: Cluster, manifest: Manifest, selector: Json | undefined): Workload[] =>
  cluster.workloads.filter(
    ({ namespace, labels }) => namespace === namespaceOf(manifest) && isSelected(selector, labels),
  )

const selectorOf = (service: Manifest): Json | undefined => {
  const labels = textsOf(at(service, 'spec.selector'))
  return Object.keys(labels).length > 0 ? { matchLabels: labels } : undefined
}

const hasPort = ({ containers }: Workload, target: Json | undefined) =>
  containers.some(({ ports }) =>
    ports.some(({ name, port }) => (typeof target === 'string' ? name : port) === target),
  )

/** Services that point at another name select nothing. */
const servicesIn = (cluster: Cluster) =>
  cluster.of('Service').filter((value) => at(value, 'spec.type') !== 'ExternalName')

/** The one Service that the world may reach. */
const entry = 'Service edge/traefik'

const opensItself = (service: Manifest) =>
  ['LoadBalancer', 'NodePort'].includes(textOf(at(service, 'spec.type'))) ||
  at(service, 'spec.externalIPs') !== undefined

const percentOrCount = (value: Json | undefined, replicas: number) =>
  typeof value === 'string'
    ? Math.ceil((Number.parseInt(value, 10) / 100) * replicas)
    : Number(value)

/** How many pods of a workload a budget lets go at a time. */
function freeOf(budget: Manifest, replicas: number): number {
  const most = at(budget, 'spec.maxUnavailable')
  if (most !== undefined) return percentOrCount(most, replicas)
  return replicas - percentOrCount(at(budget, 'spec.minAvailable'), replicas)
}

const titles = (workloads: readonly Workload[]) =>
  workloads.map(({ kind, name }) => `${kind} ${name}`).join(', ') || 'nothing'

export const serviceRules: readonly Rule[] = [
  {
    name: 'service-selects',
    promise: 'Every Service leads to one workload.',
    faultsIn: (cluster) =>
      servicesIn(cluster).flatMap((service) => {
        const found = near(cluster, service, selectorOf(service))
        return found.length === 1 ? [] : [`${titleOf(service)}: selects ${titles(found)}`]
      }),
  },
  {
    name: 'service-ports',
    promise: 'Every port of a Service is one of the pods behind it.',
    faultsIn: (cluster) =>
      servicesIn(cluster).flatMap((service) =>
        near(cluster, service, selectorOf(service)).flatMap((workload) =>
          recordsOf(at(service, 'spec.ports'))
            .map(({ targetPort, port }) => targetPort ?? port)
            .filter((target) => !hasPort(workload, target))
            .map((target) => `${titleOf(service)}: ${workload.name} has no port ${target}`),
        ),
      ),
  },
  {
    name: 'one-entry',
    promise: 'The world reaches one Service, and no other opens itself.',
    faultsIn: (cluster) =>
      cluster
        .of('Service')
        .filter((service) => opensItself(service) && titleOf(service) !== entry)
        .map((service) => `${titleOf(service)}: is open to the world`),
  },
  {
    name: 'disruption-selects',
    promise: 'Every disruption budget is about one workload, and no workload has two.',
    faultsIn: (cluster) => {
      const chosen = cluster
        .of('PodDisruptionBudget')
        .map((budget) => ({ budget, found: near(cluster, budget, at(budget, 'spec.selector')) }))
      const wrong = chosen.filter(({ found }) => found.length !== 1)
      const twice = cluster.workloads.filter(
        (one) => chosen.filter(({ found }) => found.includes(one)).length > 1,
      )
      return [
        ...wrong.map(({ budget, found }) => `${titleOf(budget)}: selects ${titles(found)}`),
        ...(wrong.length > 0 ? [] : twice.map(({ name }) => `${name}: has two budgets`)),
      ]
    },
  },
  {
    name: 'disruption-frees',
    promise: 'A node can be emptied: every disruption budget lets one pod go.',
    faultsIn: (cluster) =>
      cluster.of('PodDisruptionBudget').flatMap((budget) => {
        const [workload] = near(cluster, budget, at(budget, 'spec.selector'))
        const isStuck = workload && workload.replicas > 0 && freeOf(budget, workload.replicas) < 1
        return isStuck ? [`${titleOf(budget)}: lets no pod of ${workload.name} go`] : []
      }),
  },
  {
    name: 'scaling',
    promise: 'Every autoscaler is about a workload that is there, and knows how far to go.',
    faultsIn: (cluster) =>
      cluster.of('HorizontalPodAutoscaler').flatMap((scaler) => {
        const [kind, name] = ['kind', 'name'].map((field) =>
          textOf(at(scaler, `spec.scaleTargetRef.${field}`)),
        )
        const target = cluster.workloads.find(
          (one) => one.kind === kind && one.name === name && one.namespace === namespaceOf(scaler),
        )
        if (!target) return [`${titleOf(scaler)}: there is no ${kind} ${name}`]
        const [least, most] = ['minReplicas', 'maxReplicas'].map((field) =>
          Number(at(scaler, `spec.${field}`) ?? 1),
        )
        if ((least ?? 1) > (most ?? 1)) return [`${titleOf(scaler)}: ends before it begins`]
        const isFixed = at(target.manifest, 'spec.replicas') !== undefined
        return isFixed
          ? [`${titleOf(scaler)}: ${nameOf(target.manifest)} says replicas itself`]
          : []
      }),
  },
]
