import { isIPv4, isIPv6 } from 'node:net'
import { at, recordsOf } from '../render/json.ts'
import { kindOf, type Manifest } from '../render/resource.ts'
import { hostsOf } from '../rules/hosts.ts'

/** Every host that Traefik serves, each once. */
export const hostsIn = (manifests: readonly Manifest[]): string[] => {
  const routes = manifests
    .filter((value) => kindOf(value) === 'IngressRoute')
    .flatMap((value) => recordsOf(at(value, 'spec.routes')))
  return [...new Set(routes.flatMap(hostsOf))].sort()
}

export type ZoneOptions = {
  readonly domain: string
  readonly hosts: readonly string[]
  /** Of the one server, or of the balancer before several: IPv4, IPv6 or one of each. */
  readonly addresses: readonly string[]
}

/** An hour: as long as the move to another address takes. */
const ttlSeconds = 3_600

/**
 * The records of an installation, to be put into its zone: every host at the same addresses, and
 * nobody but Let's Encrypt may issue certificates. Throws for what is no address, and for a host
 * that is not of the domain.
 */
export function zoneOf({ domain, hosts, addresses }: ZoneOptions): string {
  const wrong = addresses.find((text) => !isIPv4(text) && !isIPv6(text))
  if (wrong !== undefined) throw new Error(`${wrong} is no address.`)
  if (addresses.length === 0) throw new Error('A zone needs an address.')
  const records = hosts.flatMap((host) =>
    addresses.map((address) => recordOf(nameIn(host, domain), address)),
  )
  return [
    `$ORIGIN ${domain}.`,
    `$TTL ${ttlSeconds}`,
    ...records,
    '@ IN CAA 0 issue "letsencrypt.org"',
    '@ IN CAA 0 issuewild ";"',
    '',
  ].join('\n')
}

const recordOf = (name: string, address: string) =>
  `${name} IN ${isIPv4(address) ? 'A' : 'AAAA'} ${address}`

function nameIn(host: string, domain: string): string {
  if (host === domain) return '@'
  if (host.endsWith(`.${domain}`)) return host.slice(0, -domain.length - 1)
  throw new Error(`${host} is not of ${domain}.`)
}
