/** Built by Go out of `deploy/tools/go/<module>`, whose go.mod and go.sum fix every source that goes in. */
export type GoTool = {
  readonly kind: 'go'
  readonly name: string
  readonly version: string
  /** The folder of its go.mod, and the module in it that carries the version. */
  readonly folder: string
  readonly module: string
  readonly source: string
  /** What the linker writes into the program, so that it tells its version. */
  readonly stamps?: readonly string[]
  /** Built in minutes, not seconds: never on the way of the check. */
  readonly slow?: true
}

/** A file of a Debian package, which is unpacked and not installed. */
export type DebianTool = {
  readonly kind: 'debian'
  readonly name: string
  readonly package: string
  readonly file: string
}

/** A program of Python in an environment of its own; `deploy/tools/python/<name>.txt` fixes every package. */
export type PythonTool = {
  readonly kind: 'python'
  readonly name: string
  readonly version: string
}

export type Tool = GoTool | DebianTool | PythonTool

/** k3s of the same minor version is what the manifests are made for. */
export const kubernetesVersion = '1.36.3'

const [major, minor] = kubernetesVersion.split('.')

const kubernetes = (name: string): GoTool => ({
  kind: 'go',
  name,
  version: kubernetesVersion,
  folder: 'kubernetes',
  module: 'k8s.io/kubernetes',
  source: `k8s.io/kubernetes/cmd/${name}`,
  stamps: [
    `k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
    `k8s.io/component-base/version.gitMajor=${major}`,
    `k8s.io/component-base/version.gitMinor=${minor}`,
  ],
  slow: true,
})

type Row = Omit<GoTool, 'kind' | 'folder' | 'module' | 'source'> & {
  readonly folder?: string
  readonly module: string
  /** Below the module; nothing when the module is the program. */
  readonly command?: string
}

const go = ({ command, ...row }: Row): GoTool => ({
  kind: 'go',
  folder: row.name,
  ...row,
  source: command ? `${row.module}/${command}` : row.module,
})

/** Every program that the tests of the deployment run and that is not a package of npm. */
export const tools: readonly Tool[] = [
  go({
    name: 'kustomize',
    version: '5.8.2',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    stamps: ['sigs.k8s.io/kustomize/api/provenance.version=v5.8.2'],
  }),
  go({
    name: 'kubeconform',
    version: '0.8.0',
    module: 'github.com/yannh/kubeconform',
    command: 'cmd/kubeconform',
    stamps: ['main.version=v0.8.0'],
  }),
  go({
    name: 'sops',
    version: '3.13.3',
    module: 'github.com/getsops/sops/v3',
    command: 'cmd/sops',
    stamps: ['github.com/getsops/sops/v3/version.Version=3.13.3'],
  }),
  go({ name: 'age', version: '1.3.2', module: 'filippo.io/age', command: 'cmd/age' }),
  go({
    name: 'age-keygen',
    version: '1.3.2',
    folder: 'age',
    module: 'filippo.io/age',
    command: 'cmd/age-keygen',
  }),
  go({
    name: 'kube-score',
    version: '1.20.0',
    module: 'github.com/zegl/kube-score',
    command: 'cmd/kube-score',
  }),
  go({
    name: 'crane',
    version: '0.22.1',
    module: 'github.com/google/go-containerregistry',
    command: 'cmd/crane',
  }),
  go({
    name: 'compose',
    version: '5.5.1',
    module: 'github.com/docker/compose/v5',
    command: 'cmd',
    stamps: ['github.com/docker/compose/v5/internal.Version=v5.5.1'],
  }),
  go({
    name: 'amtool',
    version: '0.34.2',
    module: 'github.com/prometheus/alertmanager',
    command: 'cmd/amtool',
  }),
  go({
    name: 'controller-gen',
    version: '0.23.0',
    module: 'sigs.k8s.io/controller-tools',
    command: 'cmd/controller-gen',
  }),
  go({ name: 'coredns', version: '1.15.0', module: 'github.com/coredns/coredns', slow: true }),
  go({
    name: 'pebble',
    version: '2.10.1',
    module: 'github.com/letsencrypt/pebble/v2',
    command: 'cmd/pebble',
  }),
  go({
    name: 'pebble-challtestsrv',
    version: '2.10.1',
    folder: 'pebble',
    module: 'github.com/letsencrypt/pebble/v2',
    command: 'cmd/pebble-challtestsrv',
  }),
  go({
    name: 'traefik',
    version: '3.6.12',
    module: 'github.com/traefik/traefik/v3',
    command: 'cmd/traefik',
    stamps: ['github.com/traefik/traefik/v3/pkg/version.Version=3.6.12'],
    slow: true,
  }),
  ...[
    'kubectl',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubelet',
    'kube-proxy',
  ].map(kubernetes),
  // Of the parts that the configuration of the log collector names, in the version of its image.
  {
    kind: 'go',
    name: 'otelcol',
    version: '0.139.0',
    folder: 'otelcol',
    module: 'go.opentelemetry.io/collector/otelcol',
    source: '.',
  },
  { kind: 'debian', name: 'promtool', package: 'prometheus', file: 'usr/bin/promtool' },
  {
    kind: 'debian',
    name: 'alertmanager',
    package: 'prometheus-alertmanager',
    file: 'usr/bin/prometheus-alertmanager',
  },
  {
    kind: 'debian',
    name: 'alertmanager-template',
    package: 'prometheus-alertmanager',
    file: 'usr/share/prometheus/alertmanager/default.tmpl',
  },
  { kind: 'python', name: 'checkov', version: '3.3.30' },
  { kind: 'debian', name: 'etcd', package: 'etcd-server', file: 'usr/bin/etcd' },
]

/** What the check itself runs, and requires where `CI=true`; `schemas` are made of what Go fetches. */
export const ofTheCheck: readonly string[] = [
  ...[
    'kustomize',
    'kubeconform',
    'sops',
    'age-keygen',
    'promtool',
    'amtool',
    'alertmanager',
    'alertmanager-template',
    'compose',
    'otelcol',
  ],
  'schemas',
]

/** Throws when there is no such tool. */
export function toolNamed(name: string): Tool {
  const found = tools.find((tool) => tool.name === name)
  if (found) return found
  throw new Error(
    `There is no tool ${name}; there are ${tools.map((tool) => tool.name).join(', ')}.`,
  )
}
