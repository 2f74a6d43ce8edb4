import { expect, test } from 'bun:test'
import { imageParts } from '../render/images.ts'
import { at, recordsOf, textOf } from '../render/json.ts'
import { renderOverlay, stages } from '../render/overlay.ts'
import { clusters, containerAt, objectAt, workloadAt } from './overlay-cluster.ts'

const subgraphs = ['users', 'bookings', 'billing', 'auth']

test.each(clusters)('[FC-11] %s: what serves the web is there twice at the least', (_, cluster) => {
  expect(workloadAt(cluster, 'app/gateway').replicas).toBe(2)
  const scaler = objectAt(cluster, 'HorizontalPodAutoscaler', 'app/gateway')
  expect([at(scaler, 'spec.minReplicas'), at(scaler, 'spec.maxReplicas')]).toEqual([2, 4])
})

test.each(clusters)('[FC-12] %s: every service behind it is there', (_, cluster) => {
  const replicas = subgraphs.map((name) => workloadAt(cluster, `app/${name}`).replicas)
  expect(Math.min(...replicas)).toBeGreaterThanOrEqual(1)
})

test.each(clusters)('[FC-14] %s: Keycloak 26 is there once', (_, cluster) => {
  const { replicas } = workloadAt(cluster, 'auth/keycloak')
  const { image } = containerAt(cluster, 'auth/keycloak')
  expect(replicas).toBe(1)
  expect(imageParts(image).tag).toStartWith('26.')
})

test.each(clusters)(
  '[FC-21] %s: what serves the web asks for 128Mi and 100m and has twice that',
  (_, cluster) => {
    expect(containerAt(cluster, 'app/gateway').value.resources).toEqual({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '200m', memory: '256Mi' },
    })
  },
)

test.each(clusters)(
  '[FC-43] %s: what Keycloak keeps is in PostgreSQL, whose volume has 10Gi',
  (_, cluster) => {
    const config = cluster
      .of('ConfigMap')
      .find((value) => textOf(at(value, 'metadata.name')).startsWith('keycloak-'))
    expect(textOf(at(config, 'data.KC_DB_URL'))).toContain(
      '//postgres.data.svc.cluster.local:5432/keycloak',
    )
    const database = workloadAt(cluster, 'data/postgres').manifest
    const [claim] = recordsOf(at(database, 'spec.volumeClaimTemplates'))
    const size = at(claim, 'spec.resources.requests.storage') ?? at(database, 'spec.storage.size')
    expect(size).toBe('10Gi')
    expect(recordsOf(workloadAt(cluster, 'auth/keycloak').pod?.volumes)).not.toContainEqual(
      expect.objectContaining({ persistentVolumeClaim: expect.anything() }),
    )
  },
)

test.each(clusters)('[KG-07] [MS-03] %s: every room has a namespace of its own', (_, cluster) => {
  const namespaces = [...cluster.namespaces.keys()]
  expect(namespaces).toEqual(expect.arrayContaining(['edge', 'auth', 'data', 'app', 'ops']))
  const used = new Set(cluster.workloads.map(({ namespace }) => namespace))
  expect([...used].filter((namespace) => !namespaces.includes(namespace))).toEqual([])
})

test.each(clusters)(
  '[KG-08] %s: the gateway and each service are applications of their own',
  (_, cluster) => {
    const images = ['gateway', ...subgraphs].map((name) =>
      imageParts(containerAt(cluster, `app/${name}`).image),
    )
    expect(images.map(({ name }) => name)).toEqual(
      ['gateway', ...subgraphs].map((name) => `ghcr.io/plexus-platform/${name}`),
    )
  },
)

test.each(clusters)('[MS-16] %s: no image of ours is one that a tag may move', (_, cluster) => {
  const images = cluster.workloads.flatMap(({ containers }) => containers.map(({ image }) => image))
  const ours = images.filter((image) =>
    /plexus-platform\/(gateway|users|bookings|billing|auth|migrate)\b/.test(image),
  )
  expect(ours.length).toBeGreaterThanOrEqual(6)
  expect(ours.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))).toEqual([])
  expect(images.filter((image) => image.endsWith(':latest'))).toEqual([])
})

/** What marks a stage: its name on every object, and how much is written to the logs. */
const unmarked = (overlay: string) =>
  JSON.stringify(renderOverlay(overlay))
    .replace(/,?"app.kubernetes.io\/instance":"[a-z]+"/g, '')
    .replaceAll(',"labels":{}', '')
    .replace(/every-service-\w{10}/g, 'every-service')
    .replace(/"LOG_LEVEL":"\w+"/g, '')

test.each(stages)('the stage %s is the profile, its name and how much it logs', (stage) => {
  expect(unmarked(`single-4g/${stage}`)).toBe(unmarked('single-4g'))
  expect(unmarked(`full-8g/${stage}`)).toBe(unmarked('full-8g'))
})
