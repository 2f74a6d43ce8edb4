import type { Cluster } from '../model/cluster.ts'
import { isSelected } from '../model/selector.ts'
import { networkOf, podsOf } from '../network/matrix.ts'
import { isAllowed, policiesOn } from '../network/policy.ts'
import { at, isRecord, listOf, recordsOf, textOf } from '../render/json.ts'
import { type Manifest, namespaceOf, titleOf } from '../render/resource.ts'
import type { Rule } from './rule.ts'

const sides = ['Ingress', 'Egress'] as const

function refusesAll(policy: Manifest, side: string): boolean {
  const selector = at(policy, 'spec.podSelector')
  return (
    isRecord(selector) &&
    Object.keys(selector).length === 0 &&
    listOf(at(policy, 'spec.policyTypes')).includes(side)
  )
}

const selected = (cluster: Cluster, policy: Manifest) =>
  podsOf(cluster).filter(
    ({ namespace, labels }) =>
      namespace === namespaceOf(policy) && isSelected(at(policy, 'spec.podSelector'), labels),
  )

const namedPorts = (policy: Manifest): string[] =>
  recordsOf(at(policy, 'spec.ingress'))
    .flatMap(({ ports }) => recordsOf(ports))
    .map(({ port }) => textOf(port))
    .filter((port) => port !== '')

const isDns = (port: number) => port === 53

export const networkRules: readonly Rule[] = [
  {
    name: 'default-deny',
    promise: 'In every namespace nothing comes in and nothing goes out that no policy allows.',
    faultsIn: (cluster) =>
      [...cluster.namespaces.keys()].flatMap((namespace) => {
        const own = cluster
          .of('NetworkPolicy')
          .filter((policy) => namespaceOf(policy) === namespace)
        return sides
          .filter((side) => !own.some((policy) => refusesAll(policy, side)))
          .map((side) => `Namespace ${namespace}: does not refuse ${side}`)
      }),
  },
  {
    name: 'intruder',
    promise:
      'A pod that no policy was written for reaches names and nothing else, and nobody reaches it.',
    faultsIn: (cluster) => {
      const network = networkOf(cluster)
      const pods = podsOf(cluster)
      const reach = (from: (typeof pods)[number], to: (typeof pods)[number]) =>
        to.ports
          .filter(({ port }) => !isDns(port) && isAllowed(network, { from, to, port }))
          .map(
            ({ port }) =>
              `${from.namespace}/${from.name} reaches ${to.namespace}/${to.name}:${port}`,
          )
      return pods
        .filter(
          ({ name, namespace }) => name === 'intruder' && namespaceHasPolicies(cluster, namespace),
        )
        .flatMap((intruder) =>
          pods
            .filter((other) => other !== intruder && namespaceHasPolicies(cluster, other.namespace))
            .flatMap((other) => [...reach(intruder, other), ...reach(other, intruder)]),
        )
    },
  },
  {
    name: 'policy-selects',
    promise: 'Every policy is about a pod that is there.',
    faultsIn: (cluster) =>
      cluster
        .of('NetworkPolicy')
        .filter((policy) => selected(cluster, policy).length === 0)
        .map((policy) => `${titleOf(policy)}: selects nothing`),
  },
  {
    name: 'policy-ports',
    promise: 'Every port that a policy names is one of the pods that it is about.',
    faultsIn: (cluster) =>
      cluster.of('NetworkPolicy').flatMap((policy) => {
        const pods = selected(cluster, policy)
        const ports = pods.flatMap((pod) => pod.ports.map(({ name }) => name))
        return (pods.length > 0 ? namedPorts(policy) : [])
          .filter((port) => !ports.includes(port))
          .map((port) => `${titleOf(policy)}: there is no port ${port}`)
      }),
  },
  {
    name: 'workload-policy',
    promise: 'Every workload says beside itself who may speak to it or to whom it speaks.',
    faultsIn: (cluster) => {
      const network = networkOf(cluster)
      const own = {
        ...network,
        policies: network.policies.filter(
          (policy) => Object.keys(at(policy, 'spec.podSelector') ?? {}).length > 0,
        ),
      }
      return cluster.workloads
        .filter(({ namespace }) => namespaceHasPolicies(cluster, namespace))
        .filter(({ namespace, name, labels }) => {
          const pod = { namespace, name, labels, ports: [] }
          return sides.every((side) => policiesOn(own, pod, side).length === 0)
        })
        .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}: has no policy`)
    },
  },
]

/** Where there is none at all, `default-deny` says so, and says it once. */
const namespaceHasPolicies = (cluster: Cluster, namespace: string) =>
  sides.every((side) =>
    cluster
      .of('NetworkPolicy')
      .some((policy) => namespaceOf(policy) === namespace && refusesAll(policy, side)),
  )
