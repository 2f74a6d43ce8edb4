import { isSelected } from '../model/selector.ts'
import type { Labels } from '../model/workload.ts'
import { at, type JsonRecord, listOf, recordOf, recordsOf, textOf } from '../render/json.ts'
import { type Manifest, namespaceOf } from '../render/resource.ts'
import { holds } from './address.ts'

/** One end of a connection. */
export type Pod = {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly ports: readonly { readonly name: string; readonly port: number }[]
}

type Side = 'Ingress' | 'Egress'
const fields = {
  Ingress: { rules: 'ingress', peers: 'from' },
  Egress: { rules: 'egress', peers: 'to' },
} as const

export type Network = {
  readonly policies: readonly Manifest[]
  readonly namespaces: ReadonlyMap<string, Labels>
}

/** A policy that says no types is about what comes in, and about what goes out when it says something of it. */
function typesOf(policy: Manifest): string[] {
  const said = listOf(at(policy, 'spec.policyTypes')).map(String)
  if (said.length > 0) return said
  return at(policy, 'spec.egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress']
}

export const policiesOn = ({ policies }: Network, pod: Pod, side: Side): Manifest[] =>
  policies.filter(
    (policy) =>
      namespaceOf(policy) === pod.namespace &&
      typesOf(policy).includes(side) &&
      isSelected(at(policy, 'spec.podSelector'), pod.labels),
  )

/** What the policies on a pod allow on one side; null when none is about it, which allows everything. */
export function rulesOn(network: Network, pod: Pod, side: Side): JsonRecord[] | null {
  const policies = policiesOn(network, pod, side)
  return policies.length === 0
    ? null
    : policies.flatMap((policy) => recordsOf(at(policy, `spec.${fields[side].rules}`)))
}

export const peersOf = (rule: JsonRecord, side: Side): JsonRecord[] | null => {
  const peers = recordsOf(rule[fields[side].peers])
  return peers.length === 0 ? null : peers
}

/** An address of k3s' range for pods. */
const somePod = '10.42.0.10'

/** A block that is meant for the internet, and does not leave our own addresses out, lets every pod in too. */
const holdsPods = ({ cidr, except }: JsonRecord) =>
  holds(textOf(cidr), somePod) && !listOf(except).some((block) => holds(String(block), somePod))

function isPeer(network: Network, peer: JsonRecord, ends: { own: Pod; other: Pod }): boolean {
  if (peer.ipBlock !== undefined) return holdsPods(recordOf(peer.ipBlock))
  const { own, other } = ends
  const namespace =
    peer.namespaceSelector === undefined
      ? other.namespace === own.namespace
      : isSelected(peer.namespaceSelector, network.namespaces.get(other.namespace) ?? {})
  return namespace && (peer.podSelector === undefined || isSelected(peer.podSelector, other.labels))
}

function isPort(rule: JsonRecord, to: Pod, port: number): boolean {
  const ports = recordsOf(rule.ports)
  return (
    ports.length === 0 ||
    ports.some(({ port: wanted, endPort }) => {
      if (wanted === undefined) return true
      if (typeof wanted === 'string')
        return to.ports.some(({ name, port: own }) => name === wanted && own === port)
      return port >= Number(wanted) && port <= Number(endPort ?? wanted)
    })
  )
}

function allows(network: Network, side: Side, ends: { from: Pod; to: Pod; port: number }): boolean {
  const [own, other] = side === 'Ingress' ? [ends.to, ends.from] : [ends.from, ends.to]
  const rules = rulesOn(network, own, side)
  if (rules === null) return true
  return rules.some((rule) => {
    const peers = peersOf(rule, side)
    const isFromPeer = !peers || peers.some((peer) => isPeer(network, peer, { own, other }))
    return isFromPeer && isPort(rule, ends.to, ends.port)
  })
}

/** Whether a pod may open a connection: it must be let out, and it must be let in. */
export const isAllowed = (network: Network, ends: { from: Pod; to: Pod; port: number }): boolean =>
  allows(network, 'Egress', ends) && allows(network, 'Ingress', ends)
