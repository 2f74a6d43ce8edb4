import { expect, test } from 'bun:test'
import { clusterFrom } from '../model/cluster.ts'
import { matrixOf } from '../network/matrix.ts'
import { at, recordsOf } from '../render/json.ts'
import { renderOverlay } from '../render/overlay.ts'
import { nameOf, namespaceOf } from '../render/resource.ts'

const profiles = {
  'single-4g': clusterFrom(renderOverlay('single-4g')),
  'full-8g': clusterFrom(renderOverlay('full-8g')),
}
const single = profiles['single-4g']

function named(kind: string, name: string, cluster = single) {
  const found = cluster.of(kind).find((manifest) => nameOf(manifest) === name)
  if (!found) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

const database = named('StatefulSet', 'postgres')

test('[FC-13] PostgreSQL 18 is one pod of a StatefulSet, so its volume is never mounted twice', () => {
  expect(at(database, 'spec.replicas')).toBe(1)
  const [workload] = single.workloads.filter(({ name }) => name === 'postgres')
  expect(workload?.containers.map(({ image }) => image)).toEqual([
    expect.stringMatching(/\/postgres(:18\.|@sha256:)/),
  ])
  const cluster = named('Cluster', 'postgres', profiles['full-8g'])
  expect(at(cluster, 'spec.imageName')).toMatch(/postgresql:18\./)
  expect(single.of('Deployment').some((value) => nameOf(value) === 'postgres')).toBe(false)
})

test('[FC-36] its data is at /var/lib/postgresql/data, on a claim of 10Gi that one node writes', () => {
  const [claim] = recordsOf(at(database, 'spec.volumeClaimTemplates'))
  expect(claim?.spec).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
  })
  const mounts = JSON.stringify(at(database, 'spec.template.spec.containers'))
  expect(mounts).toContain('{"name":"data","mountPath":"/var/lib/postgresql/data"}')
  expect(at(named('Cluster', 'postgres', profiles['full-8g']), 'spec.storage.size')).toBe('10Gi')
})

test('[MS-09] PostgreSQL is postgres:5432 in its namespace, however it is run', () => {
  const service = named('Service', 'postgres')
  expect(namespaceOf(service)).toBe('data')
  expect(recordsOf(at(service, 'spec.ports'))).toMatchObject([{ port: 5432 }])
  const cluster = named('Cluster', 'postgres', profiles['full-8g'])
  expect(namespaceOf(cluster)).toBe('data')
  expect(at(cluster, 'spec.managed.services.additional')).toMatchObject([
    { selectorType: 'rw', serviceTemplate: { metadata: { name: 'postgres' } } },
  ])
})

/** Whoever may open a connection to PostgreSQL, in either profile. */
const clients = [
  ...['app/auth', 'app/billing', 'app/bookings', 'app/gateway', 'app/migrate', 'app/users'],
  ...['auth/keycloak', 'ops/adminer'],
]

test('[MS-23] PostgreSQL is reached by these inside of the cluster, and from nowhere else', () => {
  for (const [profile, cluster] of Object.entries(profiles)) {
    const from = matrixOf(cluster).flatMap((flow) =>
      flow.to === 'data/postgres:5432' ? [flow.from] : [],
    )
    const strange = from.filter(
      (name) => !clients.includes(name) && !name.startsWith('data/') && !name.startsWith('cnpg-'),
    )
    const watching = profile === 'full-8g' ? ['ops/postgres-exporter'] : []
    expect({ profile, strange }).toEqual({ profile, strange: watching })
    expect(clients.filter((name) => !from.includes(name))).toEqual([])
    expect(from.filter((name) => name.endsWith('/intruder'))).toEqual([])
  }
  const types = single
    .of('Service')
    .filter((service) => namespaceOf(service) === 'data')
    .map((service) => at(service, 'spec.type') ?? 'ClusterIP')
  expect(new Set(types)).toEqual(new Set(['ClusterIP']))
})

test('[FC-53] Uptime Kuma keeps what it has in /app/data, on a claim of 2Gi that one node writes', () => {
  const claim = named('PersistentVolumeClaim', 'uptime-kuma')
  expect(at(claim, 'spec')).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '2Gi' } },
  })
  const pod = at(named('Deployment', 'uptime-kuma'), 'spec.template.spec')
  expect(JSON.stringify(pod)).toContain('{"name":"data","mountPath":"/app/data"}')
  expect(JSON.stringify(pod)).toContain('{"claimName":"uptime-kuma"}')
})

test('[BC-16] the mail relay answers on 25 and 587, and its spool outlives it', () => {
  const ports = JSON.stringify(at(named('Service', 'mail'), 'spec.ports'))
  expect(ports).toContain('"port":25,')
  expect(ports).toContain('"port":587,')
  const pod = JSON.stringify(at(named('Deployment', 'mail'), 'spec.template.spec'))
  expect(pod).toContain('{"claimName":"mail-spool"}')
  expect(pod).toContain('{"name":"spool","mountPath":"/data"}')
  const [config] = single.of('ConfigMap').filter((value) => nameOf(value).startsWith('mail-'))
  expect(at(config ?? {}, 'data')).toMatchObject({
    'maddy.conf': expect.stringContaining('location /data/spool'),
  })
})
