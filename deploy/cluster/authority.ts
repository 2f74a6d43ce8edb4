import { chmod, writeFile } from 'node:fs/promises'
import { program } from '../../stack/program.ts'
import { requireTool } from '../tools/path.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { certificateOf, keyOf, makeCertificate } from './node/authority.ts'
import { addresses, at, type Place, trustFile } from './place.ts'
import { eventually } from './poll.ts'

/** Where Traefik asks for certificates: outside of the cluster, as the real one is. */
export const authorityHost = 'acme.test'
export const authorityPort = 14_000
const managementPort = 15_000
const namesPort = 8_053
const namesManagementPort = 8_055

export const authorityUrl = `https://${authorityHost}:${authorityPort}/dir`
const management = `https://${addresses.node}:${managementPort}`

/** Traefik renews what ends within 20 minutes and looks every minute: the first is due a minute after it was issued. */
export const validitySeconds = 21 * 60

const config = (place: Place) => ({
  pebble: {
    listenAddress: `${addresses.node}:${authorityPort}`,
    managementListenAddress: `${addresses.node}:${managementPort}`,
    certificate: certificateOf(place, 'acme'),
    privateKey: keyOf(place, 'acme'),
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
    retryAfter: { authz: 1, order: 1 },
    keyAlgorithm: 'ecdsa',
    profiles: { default: { description: 'short', validityPeriod: validitySeconds } },
  },
})

const askManagement = async (place: Place, path: string) => {
  const ca = await Bun.file(certificateOf(place, 'ca')).text()
  const response = await fetch(`${management}${path}`, { tls: { ca } })
  return response.ok ? response.text() : null
}

/** Pebble, and the name server by which it finds who asks for a certificate. */
export async function startAuthority(place: Place): Promise<Daemon[]> {
  await makeCertificate(place, {
    name: 'acme',
    subject: `/CN=${authorityHost}`,
    names: [`DNS:${authorityHost}`, `IP:${addresses.node}`],
  })
  await writeFile(at(place, 'pebble.json'), JSON.stringify(config(place)))
  const names = await startDaemon({
    place,
    name: 'names',
    command: [
      requireTool('pebble-challtestsrv'),
      ...['-dnsserver', `${addresses.node}:${namesPort}`, '-defaultIPv6', ''],
      ...['-management', `${addresses.node}:${namesManagementPort}`],
      ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', ''],
    ],
  })
  const pebble = await startDaemon({
    place,
    name: 'pebble',
    command: [
      requireTool('pebble'),
      ...['-config', at(place, 'pebble.json')],
      ...['-dnsserver', `${addresses.node}:${namesPort}`],
    ],
    // It would answer slowly and refuse at random, to teach patience to clients.
    env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
  })
  const root = await eventually(
    async () => {
      await pebble.check()
      return askManagement(place, '/roots/0')
    },
    { withinMs: 20_000, what: "Pebble's answer" },
  )
  const own = await Bun.file(certificateOf(place, 'ca')).text()
  await writeFile(trustFile(place), `${own}${root}`)
  await chmod(trustFile(place), 0o644)
  return [names, pebble]
}

/** Where the authority finds every host when it looks whether they are ours. */
export async function pointHostsAt(address: string): Promise<void> {
  const response = await fetch(`http://${addresses.node}:${namesManagementPort}/set-default-ipv4`, {
    method: 'POST',
    body: JSON.stringify({ ip: address }),
  })
  if (!response.ok) throw new Error(`The name server says ${response.status}.`)
}

const rule = [
  ...['INPUT', '-p', 'tcp', '--dport', String(authorityPort)],
  ...['-j', 'REJECT', '--reject-with', 'tcp-reset'],
]

/** From now on nobody reaches the authority, until `authorityIsBack`. */
export const authorityIsAway = (): Promise<string> => program(['iptables', '-I', ...rule])

export const authorityIsBack = (): Promise<string> => program(['iptables', '-D', ...rule])
