import { writeFile } from 'node:fs/promises'
import { requireTool } from '../../tools/path.ts'
import { type Daemon, startDaemon } from '../daemon.ts'
import { folderIn, groupOf } from '../enclosure.ts'
import { kubectl } from '../kubectl.ts'
import { addresses, at, kubeconfigOf, nodeName, type Place, ports, socketOf } from '../place.ts'
import { eventually } from '../poll.ts'
import { pauseImage } from '../stand-ins/pause.ts'
import { certificateOf } from './authority.ts'
import { bridge } from './network.ts'

// Without leave to raise anybody's priority, and without AppArmor.
const containerdConfig = (place: Place) => `version = 2
root = "${at(place, 'containerd/root')}"
state = "${at(place, 'containerd/state')}"
[grpc]
  address = "${socketOf(place)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  enable_unprivileged_ports = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${at(place, 'cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`

const networkConfig = (place: Place) => ({
  cniVersion: '0.4.0',
  name: 'plexus',
  plugins: [
    {
      type: 'bridge',
      bridge,
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: addresses.podsOfNode }]],
        routes: [{ dst: '0.0.0.0/0' }],
        dataDir: at(place, 'addresses'),
      },
    },
  ],
})

const kubeletConfig = (place: Place) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: addresses.node,
  port: ports.kubelet,
  readOnlyPort: 0,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: certificateOf(place, 'ca') },
  },
  authorization: { mode: 'AlwaysAllow' },
  containerRuntimeEndpoint: `unix://${socketOf(place)}`,
  clusterDNS: [addresses.dns],
  clusterDomain: 'cluster.local',
  cgroupDriver: 'cgroupfs',
  cgroupRoot: groupOf(place.folder),
  cgroupsPerQOS: false,
  enforceNodeAllocatable: [],
  failCgroupV1: false,
  failSwapOn: false,
  // Pictures of what else the machine is used for.
  evictionHard: { 'memory.available': '10Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100,
  volumePluginDir: at(place, 'volume-plugins'),
  podLogsDir: at(place, 'pod-logs'),
  // As quick as k3s on a server that has nothing else to do.
  serializeImagePulls: true,
})

const proxyConfig = (place: Place) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  clientConnection: { kubeconfig: kubeconfigOf(place) },
  mode: 'iptables',
  clusterCIDR: addresses.pods,
  hostnameOverride: nodeName,
  healthzBindAddress: '127.0.0.1:10256',
  metricsBindAddress: '127.0.0.1:10249',
  conntrack: { maxPerCore: 0, min: 0 },
})

const asFile = async (place: Place, name: string, content: object | string) => {
  const path = at(place, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Runs containers; the first part, so that images can be put in while the rest starts. */
export async function startContainerd(place: Place): Promise<Daemon> {
  await folderIn(place.folder, 'containerd')
  await folderIn(place.folder, 'cni')
  await asFile(place, 'cni/10-plexus.conflist', networkConfig(place))
  const config = await asFile(place, 'containerd.toml', containerdConfig(place))
  const daemon = await startDaemon({
    place,
    name: 'containerd',
    command: ['containerd', '--config', config],
  })
  await eventually(
    async () => {
      await daemon.check()
      const asked = Bun.spawn(['ctr', '--address', socketOf(place), 'version'], {
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      return (await asked.exited) === 0
    },
    { withinMs: 30_000, what: 'containerd' },
  )
  return daemon
}

/** The node itself and the way to Services; resolves when it is ready for pods. */
export async function startWorker(place: Place): Promise<Daemon[]> {
  const kubelet = await startDaemon({
    place,
    name: 'kubelet',
    command: [
      requireTool('kubelet'),
      ...['--config', await asFile(place, 'kubelet.json', kubeletConfig(place))],
      ...['--kubeconfig', kubeconfigOf(place), '--root-dir', at(place, 'kubelet')],
      ...['--cert-dir', at(place, 'kubelet-pki')],
      ...['--node-ip', addresses.node, '--hostname-override', nodeName],
    ],
  })
  const proxy = await startDaemon({
    place,
    name: 'kube-proxy',
    command: [
      requireTool('kube-proxy'),
      ...['--config', await asFile(place, 'kube-proxy.json', proxyConfig(place))],
    ],
  })
  await eventually(
    async () => {
      await kubelet.check()
      await proxy.check()
      const ready = await kubectl(
        place,
        ...['get', 'node', nodeName, '-o'],
        'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
      )
      return ready === 'True'
    },
    { withinMs: 60_000, everyMs: 250, what: 'A ready node' },
  )
  return [kubelet, proxy]
}
