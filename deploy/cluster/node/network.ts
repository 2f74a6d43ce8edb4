import { mkdir, writeFile } from 'node:fs/promises'
import { program } from '../../../stack/program.ts'
import { addresses, at, nodeName, type Place } from '../place.ts'

export const bridge = 'plexus0'

/** Hidden from the machine: what programs of a node write at fixed places. */
const ownFolders = ['/run', '/var/log', '/var/lib/cni', '/var/lib/kubelet']

const settings = {
  '/proc/sys/net/ipv4/ip_forward': '1',
  // Pods of one node talk over the bridge: without this their answers would pass the rules by.
  '/proc/sys/net/bridge/bridge-nf-call-iptables': '1',
}

/** The networks and the mounts of the enclosure; called once, before anything runs in it. */
export async function furnishEnclosure(place: Place): Promise<void> {
  for (const folder of ownFolders) {
    await mkdir(folder, { recursive: true })
    await program(['mount', '-t', 'tmpfs', 'tmpfs', folder])
  }
  for (const folder of ['/run/lock', '/run/netns', '/var/log/containers'])
    await mkdir(folder, { recursive: true })
  await program(['ip', 'link', 'set', 'lo', 'up'])
  await program(['ip', 'link', 'add', bridge, 'type', 'bridge'])
  await program(['ip', 'address', 'add', `${addresses.node}/24`, 'dev', bridge])
  await program(['ip', 'link', 'set', bridge, 'up'])
  // There is no way out; what is sent to a Service needs a route before it is given another address.
  await program(['ip', 'route', 'add', 'default', 'dev', bridge, 'src', addresses.node])
  for (const [file, value] of Object.entries(settings)) await writeFile(file, value)
  await ownFile(place, '/etc/resolv.conf', `nameserver ${addresses.dns}\n`)
  await nameHosts(place, [])
}

async function ownFile(place: Place, path: string, text: string): Promise<void> {
  const own = at(place, path.split('/').at(-1) ?? '')
  await writeFile(own, text)
  await program(['mount', '--bind', own, path])
}

const hostsFile = '/etc/hosts'

/** By which names a person outside of the cluster finds what. */
export async function nameHosts(
  place: Place,
  hosts: readonly (readonly [address: string, names: readonly string[]])[],
): Promise<void> {
  const rows = [['127.0.0.1', ['localhost']], [addresses.node, [nodeName]], ...hosts] as const
  const text = rows.map(([address, names]) => `${address} ${names.join(' ')}\n`).join('')
  await program(['umount', hostsFile]).catch(() => '')
  await ownFile(place, hostsFile, text)
}
