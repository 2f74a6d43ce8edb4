import type { Cluster } from '../model/cluster.ts'
import type { Workload } from '../model/workload.ts'
import { at, type JsonRecord, listOf, recordsOf, textOf } from '../render/json.ts'
import { isAllowed, type Network, type Pod, peersOf, rulesOn } from './policy.ts'

type Neighbour = Pod & {
  /** Is there where an overlay holds an object of this kind. */
  readonly with?: string
}

/** What runs in a cluster beside us, and speaks to us or is spoken to. */
const neighbours: readonly Neighbour[] = [
  {
    namespace: 'kube-system',
    name: 'kube-dns',
    labels: { 'k8s-app': 'kube-dns' },
    ports: [{ name: 'dns', port: 53 }],
  },
  {
    namespace: 'cert-manager',
    name: 'cert-manager',
    labels: { 'app.kubernetes.io/name': 'cert-manager' },
    ports: [],
    with: 'Certificate',
  },
  {
    namespace: 'edge',
    name: 'acme-solver',
    labels: { 'acme.cert-manager.io/http01-solver': 'true' },
    ports: [{ name: 'http', port: 8089 }],
    with: 'Certificate',
  },
  // Where Ingress NGINX asks for the certificates, each beside its Ingress.
  ...['app', 'auth'].map((namespace) => ({
    namespace,
    name: 'acme-solver',
    labels: { 'acme.cert-manager.io/http01-solver': 'true' },
    ports: [{ name: 'http', port: 8089 }],
    with: 'Ingress',
  })),
  {
    namespace: 'cnpg-system',
    name: 'cloudnative-pg',
    labels: { 'app.kubernetes.io/name': 'cloudnative-pg' },
    ports: [],
    with: 'Cluster',
  },
]

const neighboursIn = (cluster: Cluster): Pod[] =>
  neighbours.filter(({ with: kind }) => kind === undefined || cluster.of(kind).length > 0)

/** A pod that nobody wrote a policy for stands in every namespace: default deny must hold it. */
const intruderIn = (namespace: string): Pod => ({
  namespace,
  name: 'intruder',
  labels: { app: 'intruder' },
  ports: [{ name: 'http', port: 8080 }],
})

const podOf = ({ namespace, name, labels, containers }: Workload): Pod => ({
  namespace,
  name,
  labels,
  ports: containers.flatMap(({ ports }) => ports),
})

export function networkOf(cluster: Cluster): Network {
  const own = [...cluster.namespaces]
  const foreign = neighbours.map(
    ({ namespace }) => [namespace, { 'kubernetes.io/metadata.name': namespace }] as const,
  )
  return { policies: cluster.of('NetworkPolicy'), namespaces: new Map([...foreign, ...own]) }
}

/** Ours, our neighbours', and the intruders. */
export const podsOf = (cluster: Cluster): Pod[] => [
  ...cluster.workloads.map(podOf),
  ...neighboursIn(cluster),
  ...[...cluster.namespaces.keys()].map(intruderIn),
]

const nameOf = ({ namespace, name }: Pod) => `${namespace}/${name}`

/** A row of the matrix: who reaches what. */
export type Flow = { readonly from: string; readonly to: string }

const isOther = (from: Pod, to: Pod) => to !== from || to.name !== 'intruder'

function flowsBetween(cluster: Cluster, network: Network): Flow[] {
  const pods = podsOf(cluster)
  const isOurs = ({ namespace }: Pod) => cluster.namespaces.has(namespace)
  return pods.flatMap((from) =>
    pods
      .filter((to) => isOther(from, to) && (isOurs(from) || isOurs(to)))
      .flatMap((to) =>
        [...new Set(to.ports.map(({ port }) => port))]
          .filter((port) => isAllowed(network, { from, to, port }))
          .map((port) => ({ from: nameOf(from), to: `${nameOf(to)}:${port}` })),
      ),
  )
}

const blockOf = (block: JsonRecord): string => {
  const except = listOf(block.except).map(String).sort()
  const cidr = textOf(block.cidr)
  return except.length > 0 ? `${cidr} except ${except.join(' ')}` : cidr
}

function portsOf(rule: JsonRecord, pod: Pod): string[] {
  const ports = recordsOf(rule.ports)
  if (ports.length === 0) return ['*']
  return ports.map(({ port, endPort }) => {
    const named = pod.ports.find(({ name }) => name === port)?.port ?? port
    return endPort === undefined ? String(named ?? '*') : `${named}-${endPort}`
  })
}

/** What is outside of the cluster, by its addresses: who reaches us, and whom we reach. */
function flowsOutside(network: Network, pods: readonly Pod[]): Flow[] {
  return pods.flatMap((pod) =>
    (['Ingress', 'Egress'] as const).flatMap((side) => {
      const rules = rulesOn(network, pod, side)
      const own = nameOf(pod)
      if (rules === null)
        return side === 'Egress' ? [{ from: own, to: 'anywhere' }] : [{ from: 'anywhere', to: own }]
      return rules.flatMap((rule) =>
        (peersOf(rule, side) ?? [{ ipBlock: { cidr: 'anywhere' } }]).flatMap((peer) => {
          const block = at(peer, 'ipBlock')
          if (block === undefined) return []
          const address = blockOf(recordsOf([block])[0] ?? {})
          return portsOf(rule, pod).map((port) =>
            side === 'Egress'
              ? { from: own, to: `${address} port ${port}` }
              : { from: address, to: `${own}:${port}` },
          )
        }),
      )
    }),
  )
}

/** Every flow that the policies allow, sorted by who opens it. What is not here is refused. */
export function matrixOf(cluster: Cluster): Flow[] {
  const network = networkOf(cluster)
  const ours = podsOf(cluster).filter(({ namespace }) => cluster.namespaces.has(namespace))
  const all = [...flowsBetween(cluster, network), ...flowsOutside(network, ours)]
  const lines = [...new Set(all.map(({ from, to }) => `${from} -> ${to}`))].sort()
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(' -> ')
    return { from, to }
  })
}
