/** Something that a linter finds, and that stays as it is. */
export type Waiver = {
  readonly linter: 'checkov' | 'kube-score'
  readonly rule: string
  /** Whose: `Deployment/gateway`; a `*` stands for any name, or any object. */
  readonly objects: readonly string[]
  readonly reason: string
}

const everywhere = ['*']

const cpu =
  'a CPU limit slows a process down while the machine is idle; requests share what there is, and memory is limited (the gateway has one, as FC-21 asks)'
const pull =
  'an image that is named by version or digest is the same whenever it is pulled; with Always, no pod would start while the registry is away'
const ofItsOwn =
  'the image runs as its own unprivileged user, whose number its files belong to; it is not root and keeps no capability'

/** Of whom neither our manifests nor ourselves make the pods. */
const ofOperators =
  'the pods are made by an operator (CloudNativePG, Strimzi, cert-manager), not by an object that a linter could see'

const backups = [
  'backup-diff',
  'backup-dump',
  'backup-files',
  'backup-full',
  'drill-restore',
  'restore',
].map((name) => `CronJob/${name}`)
const databases = ['StatefulSet/postgres', 'StatefulSet/postgres-replica']
const subgraphs = ['users', 'bookings', 'billing', 'auth'].map((name) => `Deployment/${name}`)
const images = [
  ...backups,
  ...databases,
  ...['adminer', 'grafana', 'keycloak', 'uptime-kuma', 'valkey'].map(
    (name) => `Deployment/${name}`,
  ),
]

const ofKubeScore: readonly Omit<Waiver, 'linter'>[] = [
  { rule: 'container-resources', objects: everywhere, reason: cpu },
  { rule: 'container-image-pull-policy', objects: everywhere, reason: pull },
  {
    rule: 'container-ephemeral-storage-request-and-limit',
    objects: everywhere,
    reason:
      'root file systems are read-only, and what may be written is an emptyDir with a size limit or a volume',
  },
  {
    rule: 'container-security-context-user-group-id',
    objects: [...images, 'DaemonSet/log-collector'],
    reason: ofItsOwn,
  },
  {
    rule: 'deployment-has-host-podantiaffinity',
    objects: [...subgraphs, 'Deployment/gateway', 'Deployment/traefik'],
    reason:
      'topologySpreadConstraints spread them over nodes, which the linter does not know as a way to do so',
  },
  {
    rule: 'deployment-replicas',
    objects: ['Deployment/*'],
    reason:
      'on one node a second replica outlives nothing more than the first; what serves people has two, or an autoscaler',
  },
  {
    rule: 'horizontalpodautoscaler-replicas',
    objects: subgraphs.map((name) => name.replace('Deployment', 'HorizontalPodAutoscaler')),
    reason:
      'one replica is enough for a node of 4 GB until there is load (FC-12); then there are more',
  },
  {
    rule: 'deployment-strategy',
    objects: ['alertmanager', 'loki', 'mail', 'prometheus', 'uptime-kuma'].map(
      (name) => `Deployment/${name}`,
    ),
    reason: 'its volume is for one pod at a time: the old one ends before the new one starts',
  },
  {
    rule: 'pod-probes-identical',
    objects: [
      ...['DaemonSet/log-collector', 'DaemonSet/node-exporter'],
      ...['blackbox', 'grafana', 'mail', 'postgres-exporter', 'traefik', 'valkey'].map(
        (name) => `Deployment/${name}`,
      ),
    ],
    reason:
      'the program tells of itself in one place, which depends on nothing else: both mean the same',
  },
  {
    rule: 'networkpolicy-targets-pod',
    objects: [
      'kafka',
      'postgres',
      'postgres-cluster',
      'postgres-from-backup',
      'postgres-from-drill',
      'solver',
    ].map((name) => `NetworkPolicy/${name}`),
    reason: ofOperators,
  },
  {
    rule: 'networkpolicy-targets-pod',
    objects: ['default-deny', 'scraped', 'to-dns'].map((name) => `NetworkPolicy/${name}`),
    reason:
      'with ingress-nginx in place of Traefik nothing runs in the namespace edge; its rules stay',
  },
]

const ofCheckov: readonly Omit<Waiver, 'linter'>[] = [
  { rule: 'CKV_K8S_11', objects: everywhere, reason: cpu },
  { rule: 'CKV_K8S_15', objects: everywhere, reason: pull },
  {
    rule: 'CKV_K8S_35',
    objects: [
      ...backups.filter((name) => name !== 'CronJob/backup-files'),
      ...databases,
      ...subgraphs,
      ...['gateway', 'grafana', 'keycloak', 'mail', 'postgres-exporter', 'valkey'].map(
        (name) => `Deployment/${name}`,
      ),
      'Job/migrate',
    ],
    reason:
      'programs read their settings from the environment, once; each container has only its own, no shell, and nobody may exec into it',
  },
  {
    rule: 'CKV_K8S_38',
    objects: ['Deployment/kube-state-metrics', 'Deployment/prometheus'],
    reason: 'they read from the API server what they count, as accounts that may do nothing else',
  },
  { rule: 'CKV_K8S_40', objects: images, reason: ofItsOwn },
  {
    rule: 'CKV_K8S_43',
    objects: everywhere,
    reason:
      'a digest is written only where it was computed: ours by `bun run images`, those of others by `bun run images:pin` where a registry can be reached; until then an exact version',
  },
]

/** A waiver that nothing needs any more fails the test, as does an object that it names in vain. */
export const waivers: readonly Waiver[] = [
  ...ofKubeScore.map((waiver): Waiver => ({ linter: 'kube-score', ...waiver })),
  ...ofCheckov.map((waiver): Waiver => ({ linter: 'checkov', ...waiver })),
]
