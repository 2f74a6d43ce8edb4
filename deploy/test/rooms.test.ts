import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseServices } from '#schema/subgraphs'
import type { Cluster } from '../model/cluster.ts'
import { documentsIn } from '../render/documents.ts'
import { imageParts } from '../render/images.ts'
import {
  at,
  everyAt,
  isRecord,
  type JsonRecord,
  recordOf,
  recordsOf,
  textOf,
} from '../render/json.ts'
import { newMaterial } from '../secrets/material.ts'
import { secretTable } from '../secrets/table.ts'
import { clusters, containerAt, withComponents, workloadAt } from './overlay-cluster.ts'

const root = join(import.meta.dir, '../..')
const [single, full] = [await withComponents('single-4g', []), await withComponents('full-8g', [])]

const placesOf = ({ workloads }: Cluster) =>
  workloads
    .filter(({ replicas }) => replicas > 0)
    .map(({ namespace, name }) => `${namespace}/${name}`)

test.each(clusters)(
  '[KG-18] %s: whatever is ours runs in a container that the cluster looks after',
  (_, cluster) => {
    const services = ['gateway', ...databaseServices].map((name) => `app/${name}`)
    expect(placesOf(cluster)).toEqual(
      expect.arrayContaining([...new Set([...services, 'app/migrate'])]),
    )
    for (const place of new Set(services))
      expect(imageParts(containerAt(cluster, place).image).name).toBe(
        `ghcr.io/plexus-platform/${place.slice(4)}`,
      )
  },
)

test.each(clusters)(
  '[BC-13] %s: the database is a container that answers on one port by TCP',
  (_, cluster) => {
    const { ports } = containerAt(cluster, 'data/postgres')
    expect(ports.map(({ port }) => port)).toContain(5432)
    expect(workloadAt(cluster, 'data/postgres').isServing).toBe(true)
  },
)

test('[KG-20] [MS-26] Prometheus, Grafana and the logs of every container are there, by profile or by choice', async () => {
  const monitored = await withComponents('single-4g', ['observability', 'logs'])
  for (const cluster of [monitored, await withComponents('full-8g', ['logs'])])
    expect(placesOf(cluster)).toEqual(
      expect.arrayContaining(['ops/prometheus', 'ops/grafana', 'ops/loki']),
    )
})

test('[KG-21] Alertmanager is there, by profile or by choice', async () => {
  expect(placesOf(full)).toContain('ops/alertmanager')
  expect(placesOf(await withComponents('single-4g', ['observability']))).toContain(
    'ops/alertmanager',
  )
})

const claimsOf = ({ manifests }: Cluster): JsonRecord[] => [
  ...manifests
    .filter(({ kind }) => kind === 'PersistentVolumeClaim')
    .flatMap((value) => everyAt(value, ['spec'])),
  ...manifests.flatMap((value) => everyAt(value, ['spec', 'volumeClaimTemplates', 'spec'])),
]

test("[KG-11] what is kept is on k3s' own storage, of Kafka and monitoring too, and logs are kept by no pod of ours", async () => {
  const all = await withComponents('single-4g', ['kafka', 'observability'])
  const classes = claimsOf(all).map(({ storageClassName }) => storageClassName ?? 'local-path')
  expect(new Set(classes)).toEqual(new Set(['local-path']))
  expect(claimsOf(all).length).toBeGreaterThan(claimsOf(single).length)
  const written = all.workloads
    .filter(({ namespace }) => namespace === 'app')
    .flatMap(({ pod }) => recordsOf(pod?.volumes))
  expect(written.filter((volume) => volume.persistentVolumeClaim !== undefined)).toEqual([])
})

test('[FC-47] the database, Keycloak and each service have a Secret of their own', async () => {
  const material = await newMaterial(new Date('2026-11-22T05:00:00Z'), {})
  const keysOf = (name: string) =>
    Object.keys(secretTable.find((row) => row.name === name)?.values(material) ?? {})
  expect(keysOf('postgres-secret')).toEqual(['username', 'password'])
  expect(keysOf('keycloak-secret')).toContain('KC_DB_PASSWORD')
  expect(keysOf('billing-secret')).toContain('STRIPE_SECRET_KEY')
  expect(keysOf('gateway-secret')).toContain('IDENTITY_PRIVATE_JWK')
  expect(keysOf('mail-secret')).toContain('RELAYHOST_PASSWORD')
  const readers = ['users', 'bookings', 'billing', 'auth', 'gateway'].map(
    (name) => secretTable.find((row) => row.name === `${name}-secret`)?.readers,
  )
  expect(readers).toEqual([['users'], ['bookings'], ['billing'], ['auth'], ['gateway']])
})

test('[MP-71] development, testing, staging and production have a description each', () => {
  const files = [
    'deploy/compose.yaml',
    'deploy/cluster/overlay/kustomization.yaml',
    ...['staging', 'production'].map(
      (stage) => `deploy/k3s/overlays/single-4g/${stage}/kustomization.yaml`,
    ),
  ]
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

const isWithin = (pod: JsonRecord | null, path: string, wanted: unknown) =>
  at(pod ?? {}, path) === wanted

test.each(clusters)(
  '[KG-22] %s: each level defends itself: the pod, the namespace, the network, the registry, the data',
  (_, cluster) => {
    const ours = cluster.workloads.filter(({ pod }) => pod !== null)
    const hardened = ours.filter(({ pod }) => isWithin(pod, 'securityContext.runAsNonRoot', true))
    expect(hardened).toHaveLength(ours.length)
    const levels = cluster
      .of('Namespace')
      .map((value) => Object.entries(at(value, 'metadata.labels') ?? {}))
    expect(levels.every((labels) => labels.some(([key]) => key.startsWith('pod-security')))).toBe(
      true,
    )
    const denies = cluster
      .of('NetworkPolicy')
      .filter((value) => textOf(at(value, 'metadata.name')) === 'default-deny')
    expect(denies.length).toBe(cluster.namespaces.size)
    const admissions = cluster
      .of('ValidatingAdmissionPolicy')
      .map((value) => at(value, 'metadata.name'))
    expect(admissions).toContain('images-pinned')
  },
)

/** SOPS leaves a text alone that is empty. */
const isEncrypted = (value: JsonRecord) =>
  [...Object.values(recordOf(value.data)), ...Object.values(recordOf(value.stringData))].every(
    (text) => text === '' || textOf(text).startsWith('ENC['),
  )

test('[KG-34] every Secret below deploy is encrypted, wherever it lies', () => {
  const files = [...new Bun.Glob('deploy/**/*.{yaml,yml,json}').scanSync({ cwd: root, dot: true })]
    // Shown to be refused for just that.
    .filter(
      (file) =>
        !file.startsWith('deploy/test/invalid/') &&
        /\bSecret\b/.test(readFileSync(join(root, file), 'utf8')),
    )
  const secrets = files
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) =>
      documentsIn(readFileSync(join(root, file), 'utf8'), file)
        .filter(isRecord)
        .filter(({ kind }) => kind === 'Secret')
        .map((value) => ({ file, value })),
    )
  expect(secrets.length).toBeGreaterThan(20)
  expect(secrets.filter(({ value }) => !isEncrypted(value)).map(({ file }) => file)).toEqual([])
  expect(secrets.filter(({ file }) => !file.endsWith('.sops.yaml'))).toEqual([])
})
