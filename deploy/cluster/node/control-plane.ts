import { requireTool } from '../../tools/path.ts'
import { type Daemon, startDaemon } from '../daemon.ts'
import { kubectl } from '../kubectl.ts'
import { addresses, at, kubeconfigOf, type Place, ports } from '../place.ts'
import { eventually } from '../poll.ts'
import { certificateOf, keyOf } from './authority.ts'

const etcdUrl = `http://127.0.0.1:${ports.etcd}`
const peerUrl = `http://127.0.0.1:${ports.etcdPeer}`

// In memory: a disk that is busy with something else would fail it.
const etcdFlags = [
  ...['--data-dir', '/run/etcd', '--log-level', 'error'],
  ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
  ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
  ...['--initial-cluster', `default=${peerUrl}`],
]

const apiFlags = (place: Place) => [
  ...['--etcd-servers', etcdUrl, '--authorization-mode', 'Node,RBAC', '--allow-privileged=true'],
  ...['--bind-address', addresses.node, '--advertise-address', addresses.node],
  ...['--secure-port', String(ports.api), '--service-cluster-ip-range', addresses.services],
  ...['--client-ca-file', certificateOf(place, 'ca')],
  ...[
    '--tls-cert-file',
    certificateOf(place, 'api'),
    '--tls-private-key-file',
    keyOf(place, 'api'),
  ],
  ...['--kubelet-client-certificate', certificateOf(place, 'admin')],
  ...['--kubelet-client-key', keyOf(place, 'admin')],
  ...['--kubelet-preferred-address-types', 'InternalIP'],
  ...['--service-account-key-file', at(place, 'pki/accounts.pub')],
  ...['--service-account-signing-key-file', keyOf(place, 'accounts')],
  ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
  // Debian's etcd is 3.4: the cache asks it for what came later.
  '--watch-cache=false',
]

const controllerFlags = (place: Place) => [
  ...['--kubeconfig', kubeconfigOf(place), '--leader-elect=false', '--bind-address', '127.0.0.1'],
  ...['--use-service-account-credentials', '--root-ca-file', certificateOf(place, 'ca')],
  ...['--service-account-private-key-file', keyOf(place, 'accounts')],
]

const schedulerFlags = (place: Place) => [
  ...['--kubeconfig', kubeconfigOf(place), '--leader-elect=false', '--bind-address', '127.0.0.1'],
]

const isReady = (place: Place) => kubectl(place, 'get', '--raw', '/readyz').then(() => true)

/** etcd, the API server, the controllers and the scheduler; resolves when the API server is ready. */
export async function startControlPlane(place: Place): Promise<Daemon[]> {
  const start = (name: string, flags: readonly string[], path = requireTool(name)) =>
    startDaemon({ place, name, command: [path, ...flags] })
  const etcd = await start('etcd', etcdFlags)
  const api = await start('kube-apiserver', apiFlags(place))
  await eventually(
    async () => {
      await api.check()
      return isReady(place)
    },
    { withinMs: 120_000, everyMs: 250, what: 'A ready API server' },
  )
  return [
    etcd,
    api,
    await start('kube-controller-manager', controllerFlags(place)),
    await start('kube-scheduler', schedulerFlags(place)),
  ]
}
