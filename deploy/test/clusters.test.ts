import { expect, test } from 'bun:test'
import { mibFrom } from '../budget/budget.ts'
import { type Cluster, clusterFrom } from '../model/cluster.ts'
import { at, listOf, recordsOf, textOf, textsOf } from '../render/json.ts'
import { presetSettings, renderOverlay } from '../render/overlay.ts'
import { kindOf, type Manifest, nameOf, namespaceOf } from '../render/resource.ts'
import { withComponents } from './overlay-cluster.ts'

const domain = presetSettings().DOMAIN ?? ''
const hosts = ['', 'www.', 'api.', 'login.', 'adminer.', 'uptimekuma.', 'status.'].map(
  (name) => `${name}${domain}`,
)

const one = (cluster: Cluster, kind: string, name: string, namespace?: string): Manifest => {
  const found = cluster
    .of(kind)
    .filter((value) => nameOf(value) === name && (!namespace || namespaceOf(value) === namespace))
  const [only] = found
  if (!only || found.length > 1) throw new Error(`There are ${found.length} ${kind} ${name}.`)
  return only
}

const ruleHosts = (ingresses: readonly Manifest[]) =>
  ingresses
    .flatMap((value) => recordsOf(at(value, 'spec.rules')))
    .map(({ host }) => textOf(host))
    .sort()

const full = clusterFrom(renderOverlay('full-8g'))

/** Deployments of our services, as they stand in a cluster. */
const servicesIn = (cluster: Cluster) =>
  cluster
    .of('Deployment')
    .filter((value) => namespaceOf(value) === 'app')
    .map(
      (value) =>
        `${nameOf(value)} ${textOf(recordsOf(at(value, 'spec.template.spec.containers'))[0]?.image)}`,
    )
    .sort()

test('[FC-01] the same services run on GKE, where only the way in, certificates and storage are others', async () => {
  const gke = await withComponents('full-8g', ['gke'])
  expect(servicesIn(gke)).toEqual(servicesIn(full))
  const ingress = one(gke, 'Ingress', 'plexus')
  expect(textsOf(at(ingress, 'metadata.annotations'))).toMatchObject({
    'kubernetes.io/ingress.class': 'gce',
    'kubernetes.io/ingress.allow-http': 'false',
    'networking.gke.io/managed-certificates': 'plexus',
  })
  expect(ruleHosts([ingress])).toEqual([...hosts].sort())
  const names = listOf(at(one(gke, 'ManagedCertificate', 'plexus'), 'spec.domains'))
  expect(names.toSorted()).toEqual([...hosts].sort())
  expect(gke.of('Certificate')).toEqual([])
  expect(at(one(gke, 'Cluster', 'postgres'), 'spec.storage.storageClass')).toBe('standard-rwo')
  for (const claim of gke.of('PersistentVolumeClaim'))
    expect([nameOf(claim), at(claim, 'spec.storageClassName')]).toEqual([
      nameOf(claim),
      'standard-rwo',
    ])
  // One way in: the balancer's, to Traefik.
  const outside = gke.of('Service').filter((value) => at(value, 'spec.type') === 'LoadBalancer')
  expect(outside).toEqual([])
  expect(at(one(gke, 'Service', 'traefik'), 'spec.externalTrafficPolicy')).toBeUndefined()
  const kinds = new Set(gke.manifests.map(kindOf))
  const added = [...kinds].filter((kind) => !full.manifests.some((value) => kindOf(value) === kind))
  expect(added.sort()).toEqual(['BackendConfig', 'Ingress', 'ManagedCertificate'])
})

test('[MS-17] Ingress NGINX takes the place of Traefik, with every public host and its certificate', async () => {
  const nginx = await withComponents('full-8g', ['ingress-nginx'])
  expect(servicesIn(nginx)).toEqual(servicesIn(full))
  expect(nginx.manifests.filter((value) => textOf(value.apiVersion).includes('traefik'))).toEqual(
    [],
  )
  expect(nginx.of('Deployment').map(nameOf)).not.toContain('traefik')
  const ingresses = nginx.of('Ingress')
  // Its check of who asks cannot send anybody to sign in: what is behind ours has no host here.
  const isBehindSignIn = (host: string) => /^(adminer|uptimekuma)\./.test(host)
  expect([...new Set(ruleHosts(ingresses))]).toEqual(
    hosts.filter((host) => !isBehindSignIn(host)).sort(),
  )
  for (const ingress of ingresses) {
    expect(at(ingress, 'spec.ingressClassName')).toBe('nginx')
    expect(textsOf(at(ingress, 'metadata.annotations'))['cert-manager.io/cluster-issuer']).toBe(
      'letsencrypt-prod',
    )
    const covered = recordsOf(at(ingress, 'spec.tls')).flatMap(({ hosts: names }) => listOf(names))
    expect(covered.toSorted()).toEqual(ruleHosts([ingress]))
  }
  expect(textsOf(at(one(nginx, 'Ingress', 'www'), 'metadata.annotations'))).toMatchObject({
    'nginx.ingress.kubernetes.io/permanent-redirect-code': '308',
  })
})

test('[MS-22] with scale-to-zero nothing of ours runs until somebody comes', async () => {
  const asleep = await withComponents('full-8g', ['scale-to-zero'])
  expect(asleep.of('HorizontalPodAutoscaler')).toEqual([])
  const scaled = asleep.of('ScaledObject')
  const targets = scaled.map((value) => textOf(at(value, 'spec.scaleTargetRef.name'))).sort()
  expect(targets).toEqual(servicesIn(asleep).map((text) => text.split(' ')[0] ?? ''))
  for (const value of scaled) {
    expect(at(value, 'spec.minReplicaCount')).toBe(0)
    // What wakes it is counted by Traefik, which never sleeps, at the door for people alone.
    const [trigger] = recordsOf(at(value, 'spec.triggers'))
    expect(textOf(at(trigger, 'metadata.query'))).toContain('entrypoint="websecure"')
    expect(at(trigger, 'metadata.activationThreshold')).toBe('0')
  }
})

test('[KG-30] every service of ours scales with its load, and its load is measured by what it asks for', () => {
  const autoscalers = full.of('HorizontalPodAutoscaler')
  const services = full.of('Deployment').filter((value) => namespaceOf(value) === 'app')
  expect(autoscalers.map(nameOf).sort()).toEqual(services.map(nameOf).sort())
  for (const value of autoscalers) {
    const service = one(full, 'Deployment', nameOf(value), 'app')
    expect(at(value, 'spec.scaleTargetRef.name')).toBe(nameOf(service))
    expect(Number(at(value, 'spec.maxReplicas'))).toBeGreaterThan(
      Number(at(value, 'spec.minReplicas')),
    )
    const [metric] = recordsOf(at(value, 'spec.metrics'))
    expect(at(metric, 'resource.name')).toBe('cpu')
    const [container] = recordsOf(at(service, 'spec.template.spec.containers'))
    expect(at(container, 'resources.requests.cpu')).toBeDefined()
    // A number in Git would undo what it does.
    expect(at(service, 'spec.replicas')).toBeUndefined()
  }
})

test('[KG-28] Traefik asks pods and not one address of them all, and no pod keeps its clients', () => {
  const services = full
    .of('IngressRoute')
    .flatMap((value) => recordsOf(at(value, 'spec.routes')))
    .flatMap((route) => recordsOf(route.services))
  expect(services.length).toBeGreaterThan(4)
  for (const service of services) {
    expect(service.nativeLB).toBeUndefined()
    expect(service.sticky).toBeUndefined()
  }
  const [container] = recordsOf(
    at(one(full, 'Deployment', 'traefik'), 'spec.template.spec.containers'),
  )
  expect(
    listOf(container?.args).filter((text) => textOf(text).includes('nativeLBByDefault')),
  ).toEqual([])
  const endpoints = one(full, 'Role', 'traefik', 'app')
  expect(recordsOf(endpoints.rules).flatMap(({ resources }) => listOf(resources))).toContain(
    'endpointslices',
  )
})

test('[BC-32] TLS is 1.2 or 1.3, for every host, with suites that keep what was said secret', () => {
  const options = full.of('TLSOption')
  expect(options.map(nameOf)).toEqual(['default'])
  expect(at(options[0], 'spec.minVersion')).toBe('VersionTLS12')
  expect(at(options[0], 'spec.maxVersion')).toBeUndefined()
  const suites = listOf(at(options[0], 'spec.cipherSuites')).map(textOf)
  expect(suites.length).toBeGreaterThan(0)
  for (const suite of suites)
    expect(suite).toMatch(/^TLS_ECDHE_(ECDSA|RSA)_WITH_(AES|CHACHA20).*(SHA384|SHA256)$/)
  for (const suite of suites) expect(suite).not.toContain('CBC')
  for (const route of full.of('IngressRoute')) expect(at(route, 'spec.tls')).toBeUndefined()
  const issuers = full.of('ClusterIssuer')
  for (const issuer of issuers)
    expect(textOf(at(issuer, 'spec.acme.server'))).toContain('letsencrypt.org')
})

test('with more than one node there are two of everything that may be two', async () => {
  const ha = await withComponents('full-8g', ['ha'])
  const single = ha.workloads.filter(
    ({ namespace, replicas }) => ['app', 'edge'].includes(namespace) && replicas === 1,
  )
  expect(single.filter(({ isServing }) => isServing).map(({ name }) => name)).toEqual([])
  const [spread] = recordsOf(
    at(one(ha, 'Deployment', 'users'), 'spec.template.spec.topologySpreadConstraints'),
  )
  expect(spread?.whenUnsatisfiable).toBe('DoNotSchedule')
})

/** What a GKE node of 4 GB leaves for pods. Source: cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes. */
const e2Medium = { cpu: 940, memory: 2_800 }

/** In thousandths of a core. */
const cpuOf = (quantity: string) =>
  quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1_000

/** What every pod that serves asks for. */
const podsIn = (cluster: Cluster) =>
  cluster.workloads
    .filter(({ isServing }) => isServing)
    .flatMap(({ name, replicas, containers }) => {
      const requests = containers.map(({ value }) => at(value, 'resources.requests'))
      const cpu = requests.reduce<number>((sum, one) => sum + cpuOf(textOf(at(one, 'cpu'))), 0)
      const memory = requests.reduce<number>(
        (sum, one) => sum + mibFrom(textOf(at(one, 'memory'))),
        0,
      )
      return Array.from({ length: replicas }, () => ({ name, cpu, memory }))
    })

test('[MS-02] three nodes of 4 GB hold all of full-8g on GKE', async () => {
  const pods = podsIn(await withComponents('full-8g', ['gke']))
  expect(pods.length).toBeGreaterThan(10)
  const nodes = Array.from({ length: 3 }, () => ({ ...e2Medium }))
  // The largest first, each where most is left: as a scheduler would at worst.
  for (const pod of pods.toSorted((one, other) => other.memory - one.memory)) {
    const [node] = nodes.toSorted((one, other) => other.memory - one.memory)
    if (!node) throw new Error('There is no node.')
    node.cpu -= pod.cpu
    node.memory -= pod.memory
    expect({ pod: pod.name, fits: node.cpu >= 0 && node.memory >= 0 }).toEqual({
      pod: pod.name,
      fits: true,
    })
  }
})

test.each(['single-4g', 'full-8g'])(
  '[KG-31] %s: every container says its share of memory and processor, and two cores have them',
  (profile) => {
    const cluster = clusterFrom(renderOverlay(profile))
    const containers = cluster.workloads.flatMap(({ namespace, name, containers: all }) =>
      all.map(({ value }) => ({ name: `${namespace}/${name}`, resources: at(value, 'resources') })),
    )
    for (const { name, resources } of containers) {
      const said = [
        at(resources, 'requests.cpu'),
        at(resources, 'requests.memory'),
        at(resources, 'limits.memory'),
      ]
      expect([name, ...said.map((one) => typeof one)]).toEqual([name, 'string', 'string', 'string'])
    }
    const cpu = podsIn(cluster).reduce((sum, pod) => sum + pod.cpu, 0)
    expect(cpu).toBeGreaterThan(500)
    // The other half is for what runs beside pods, and for bursts.
    expect(cpu).toBeLessThanOrEqual(1_400)
  },
)

test('on GKE sign-in is reached by its public name, from whoever asks it', async () => {
  const gke = await withComponents('full-8g', ['gke'])
  expect(gke.of('ConfigMap').map(nameOf)).not.toContain('coredns-custom')
  const policy = one(gke, 'NetworkPolicy', 'to-balancer', 'app')
  const [selected] = recordsOf(at(policy, 'spec.podSelector.matchExpressions'))
  expect(listOf(selected?.values)).toEqual(['gateway', 'auth'])
  const [way] = recordsOf(at(policy, 'spec.egress'))
  expect(recordsOf(way?.ports)).toEqual([{ protocol: 'TCP', port: 443 }])
})
