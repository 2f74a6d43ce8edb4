import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../stack/ports.ts'
import { type Daemon, startDaemon } from '../cluster/daemon.ts'
import { certificateOf, keyOf, makeCredentials } from '../cluster/node/authority.ts'
import { at, type Place } from '../cluster/place.ts'
import { eventually } from '../cluster/poll.ts'
import { ensureCatalogue } from '../tools/catalogue.ts'
import type { Crd } from '../tools/crds.ts'
import { requireTool } from '../tools/path.ts'
import { Address, type Api, accepted, clientOf } from './client.ts'
import { apiConfigFrom } from './config.ts'

const addressFile = 'address.json'

type Ports = { readonly api: number; readonly etcd: number; readonly peer: number }

function startEtcd(place: Place, { etcd, peer }: Ports): Promise<Daemon> {
  const [client, own] = [etcd, peer].map((port) => `http://127.0.0.1:${port}`)
  return startDaemon({
    place,
    name: 'etcd',
    command: [
      ...[requireTool('etcd'), '--data-dir', at(place, 'etcd'), '--log-level', 'error'],
      ...['--listen-client-urls', `${client}`, '--advertise-client-urls', `${client}`],
      ...['--listen-peer-urls', `${own}`, '--initial-advertise-peer-urls', `${own}`],
      ...['--initial-cluster', `default=${own}`],
    ],
  })
}

function startApi(place: Place, ports: Ports): Promise<Daemon> {
  return startDaemon({
    place,
    name: 'kube-apiserver',
    command: [
      ...[requireTool('kube-apiserver'), '--etcd-servers', `http://127.0.0.1:${ports.etcd}`],
      ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
      ...['--secure-port', String(ports.api), '--endpoint-reconciler-type', 'none'],
      ...['--service-cluster-ip-range', '10.43.0.0/16', '--authorization-mode', 'Node,RBAC'],
      ...['--enable-admission-plugins', 'NodeRestriction', '--allow-privileged=true'],
      ...['--client-ca-file', certificateOf(place, 'ca')],
      ...['--tls-cert-file', certificateOf(place, 'api')],
      ...['--tls-private-key-file', keyOf(place, 'api')],
      ...['--service-account-key-file', at(place, 'pki/accounts.pub')],
      ...['--service-account-signing-key-file', keyOf(place, 'accounts')],
      ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
      // Debian's etcd is 3.4: the cache asks it for what came later.
      '--watch-cache=false',
    ],
  })
}

const kubeconfigOf = ({ origin, ca, cert, key }: Omit<Address, 'kubeconfig'>) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'plexus',
  contexts: [{ name: 'plexus', context: { cluster: 'plexus', user: 'admin' } }],
  clusters: [{ name: 'plexus', cluster: { server: origin, 'certificate-authority': ca } }],
  users: [{ name: 'admin', user: { 'client-certificate': cert, 'client-key': key } }],
})

async function writeAddress(place: Place, port: number): Promise<Address> {
  const own = {
    origin: `https://127.0.0.1:${port}`,
    ca: certificateOf(place, 'ca'),
    cert: certificateOf(place, 'admin'),
    key: keyOf(place, 'admin'),
  }
  const kubeconfig = at(place, 'kubeconfig')
  const address = { ...own, kubeconfig }
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(own)), { mode: 0o600 })
  await writeFile(at(place, addressFile), JSON.stringify(address), { mode: 0o600 })
  return address
}

const isEstablished = (body: unknown) =>
  JSON.stringify(body).includes('"type":"Established","status":"True"') ||
  /"status":"True"[^{}]*"type":"Established"/.test(JSON.stringify(body))

/** Resolves when the server serves every kind that is defined. */
async function define(api: Api, crds: readonly Crd[]) {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await Promise.all(
    crds.map(async (crd) => accepted(await api.apply(JSON.parse(JSON.stringify(crd))))),
  )
  await Promise.all(
    crds.map(({ metadata: { name } }) =>
      eventually(async () => isEstablished((await api.ask(`${path}/${name}`)).body), {
        withinMs: 120_000,
        what: `${name} being served`,
      }),
    ),
  )
}

/** Where a busy disk does not hold etcd up. */
const quick = () => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

async function begin(place: Place): Promise<Daemon[]> {
  await makeCredentials(place)
  const ports = { api: await freePort(), etcd: await freePort(), peer: await freePort() }
  const address = await writeAddress(place, ports.api)
  const daemons = [await startEtcd(place, ports), await startApi(place, ports)]
  const api = await clientOf(address)
  try {
    await eventually(
      async () => {
        for (const daemon of daemons) await daemon.check()
        return (await api.ask('/readyz')).status === 200
      },
      { withinMs: 120_000, everyMs: 200, what: 'A ready API server' },
    )
    await define(api, await (await ensureCatalogue()).crds())
    return daemons
  } catch (error) {
    await stopAll(daemons)
    throw error
  }
}

async function stopAll(daemons: readonly Daemon[]) {
  for (const daemon of [...daemons].reverse()) await daemon.stop('SIGKILL')
}

/** Runs `work` beside an API server on loopback that knows every kind we use, and leaves nothing of it. */
export async function whileServing<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const place = { folder: await mkdtemp(join(quick(), 'plexus-api-')) }
  try {
    const daemons = await begin(place)
    try {
      return await work(place.folder)
    } finally {
      await stopAll(daemons)
    }
  } finally {
    await rm(place.folder, { recursive: true, force: true })
  }
}

/** The server that this command runs beside; see `deploy/api.ts`. */
export async function runningApi(): Promise<Api> {
  const { folder } = apiConfigFrom(process.env)
  return clientOf(Address.parse(JSON.parse(await readFile(join(folder, addressFile), 'utf8'))))
}
