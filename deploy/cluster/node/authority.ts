import { writeFile } from 'node:fs/promises'
import { program } from '../../../stack/program.ts'
import { folderIn } from '../enclosure.ts'
import { addresses, at, kubeconfigOf, type Place, ports } from '../place.ts'

const days = ['-days', '2']
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Certificates of one cluster's own authority, which ends with it. */
export const certificateOf = (place: Place, name: string): string => at(place, 'pki', `${name}.crt`)
export const keyOf = (place: Place, name: string): string => at(place, 'pki', `${name}.key`)

type Certificate = {
  readonly name: string
  readonly subject: string
  /** `DNS:name` and `IP:address`; without any it is a client's. */
  readonly names?: readonly string[]
}

const files = (place: Place, name: string) => [
  ...['-keyout', keyOf(place, name), '-out', certificateOf(place, name)],
]

export async function makeAuthority(place: Place): Promise<void> {
  await folderIn(place.folder, 'pki')
  await program([
    ...['openssl', 'req', '-x509', ...curve, ...days, ...files(place, 'ca')],
    ...['-subj', '/CN=plexus-cluster', '-addext', 'keyUsage=critical,keyCertSign,digitalSignature'],
  ])
}

/** Signed by the cluster's authority. */
export async function makeCertificate(place: Place, certificate: Certificate): Promise<void> {
  const { name, subject, names = [] } = certificate
  const usage = names.length > 0 ? 'serverAuth' : 'clientAuth'
  await program([
    ...['openssl', 'req', '-x509', ...curve, ...days, ...files(place, name), '-subj', subject],
    ...['-CA', certificateOf(place, 'ca'), '-CAkey', keyOf(place, 'ca')],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-addext', `extendedKeyUsage=${usage}`],
    ...(names.length > 0 ? ['-addext', `subjectAltName=${names.join(',')}`] : []),
  ])
}

/** Signs the tokens of service accounts. */
async function makeAccountKey(place: Place): Promise<void> {
  const key = keyOf(place, 'accounts')
  await program(['openssl', 'genrsa', '-out', key, '2048'])
  await program(['openssl', 'rsa', '-in', key, '-pubout', '-out', at(place, 'pki/accounts.pub')])
}

async function writeKubeconfig(place: Place): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'plexus',
    contexts: [{ name: 'plexus', context: { cluster: 'plexus', user: 'admin' } }],
    clusters: [
      {
        name: 'plexus',
        cluster: {
          server: `https://${addresses.node}:${ports.api}`,
          'certificate-authority': certificateOf(place, 'ca'),
        },
      },
    ],
    users: [
      {
        name: 'admin',
        user: {
          'client-certificate': certificateOf(place, 'admin'),
          'client-key': keyOf(place, 'admin'),
        },
      },
    ],
  }
  await writeFile(kubeconfigOf(place), JSON.stringify(config), { mode: 0o600 })
}

/** Everything that the parts of a cluster prove to each other who they are by. */
export async function makeCredentials(place: Place): Promise<void> {
  await makeAuthority(place)
  await makeCertificate(place, { name: 'admin', subject: '/O=system:masters/CN=admin' })
  await makeCertificate(place, {
    name: 'api',
    subject: '/CN=kubernetes',
    names: [
      ...[`IP:${addresses.node}`, `IP:${addresses.kubernetes}`, 'IP:127.0.0.1'],
      ...['DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc'],
    ],
  })
  await makeAccountKey(place)
  await writeKubeconfig(place)
}
