import { beforeAll, describe, expect, test } from 'bun:test'
import { eventually } from '../cluster/poll.ts'
import type { JsonRecord } from '../render/json.ts'
import type { Manifest } from '../render/resource.ts'
import { type Api, accepted } from './client.ts'
import { everyObject, ground } from './ground.ts'

const digest = `sha256:${'0'.repeat(64)}`
const pinned = `ghcr.io/plexus-platform/gateway@${digest}`

const container = (image: string): JsonRecord => ({
  name: 'tried',
  image,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
})

const spec = (image: string, more: JsonRecord = {}): JsonRecord => ({
  restartPolicy: 'Always',
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container(image)],
  ...more,
})

const labels = { app: 'tried' }
const metadata = (namespace: string) => ({ name: 'tried', namespace })
const template = (image: string, more?: JsonRecord) => ({
  metadata: { labels },
  spec: spec(image, more),
})
const once = { restartPolicy: 'Never' }

/** Everything that brings pods about, with an image. */
const workloads: Readonly<Record<string, (room: string, image: string) => Manifest>> = {
  Pod: (room, image) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(room),
    spec: spec(image),
  }),
  'Pod that prepares': (room, image) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(room),
    spec: spec(pinned, { initContainers: [{ ...container(image), name: 'first' }] }),
  }),
  Deployment: (room, image) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(room),
    spec: { selector: { matchLabels: labels }, template: template(image) },
  }),
  StatefulSet: (room, image) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(room),
    spec: { serviceName: 'a', selector: { matchLabels: labels }, template: template(image) },
  }),
  DaemonSet: (room, image) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(room),
    spec: { selector: { matchLabels: labels }, template: template(image) },
  }),
  Job: (room, image) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(room),
    spec: { template: template(image, once) },
  }),
  CronJob: (room, image) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(room),
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: template(image, once) } } },
  }),
}

let api: Api
const tried = async (workload: string, room: string, image: string) => {
  const make = workloads[workload]
  if (!make) throw new Error(`no ${workload}`)
  return api.create(make(room, image), { dry: true })
}

beforeAll(async () => {
  api = await ground()
  // A policy is in force a moment after it was accepted.
  for (const [room, image] of [
    ['app', 'example.test/a:1'],
    ['ops', 'example.test/a:latest'],
  ] as const) {
    await eventually(async () => (await tried('Deployment', room, image)).status !== 201, {
      withinMs: 60_000,
      what: `The policy in ${room}`,
    })
  }
}, 180_000)

/** Where an image is named, how, and whether it may be. */
const table: readonly (readonly [string, string, boolean])[] = [
  ['app', pinned, true],
  ['app', `ghcr.io/plexus-platform/gateway:0.1.0@${digest}`, true],
  ['app', 'ghcr.io/plexus-platform/gateway:0.1.0', false],
  ['app', 'ghcr.io/plexus-platform/gateway:latest', false],
  ['app', 'ghcr.io/plexus-platform/gateway', false],
  ['app', 'ghcr.io/plexus-platform/gateway@sha256:0000', false],
  ['app', `example.test/${digest.replace(':', '@')}/gateway:1`, false],
  ...['edge', 'auth', 'data', 'ops'].flatMap((room): [string, string, boolean][] => [
    [room, 'docker.io/library/postgres:18.1', true],
    [room, `docker.io/library/postgres@${digest}`, true],
    [room, `docker.io/library/postgres:latest@${digest}`, true],
    [room, 'docker.io/library/postgres:latest', false],
    [room, 'docker.io/library/postgres', false],
    [room, 'registry.example.test:5000/postgres', false],
  ]),
]

describe.each(Object.keys(workloads))('a %s', (workload) => {
  test.each(table)('in %s with the image %s is let in: %p', async (room, image, allowed) => {
    const { status, says } = await tried(workload, room, image)
    if (allowed)
      expect({ status, says: status === 201 ? '' : says }).toEqual({ status: 201, says: '' })
    else expect(says).toMatch(/ValidatingAdmissionPolicy '(images-pinned|no-latest)'/)
  })
})

test('[FC-22] no image that is not named by its digest runs beside ours, and nowhere one without a version', async () => {
  const refused = table.filter(([, , allowed]) => !allowed)
  for (const [room, image] of refused) {
    for (const workload of Object.keys(workloads)) {
      expect((await tried(workload, room, image)).status).toBeGreaterThanOrEqual(400)
    }
  }
})

test('negative control: without its binding the policy refuses nothing', async () => {
  const name = 'images-pinned'
  const binding = everyObject().find(
    ({ kind, metadata: own }) =>
      kind === 'ValidatingAdmissionPolicyBinding' && JSON.stringify(own).includes(`"${name}"`),
  )
  if (!binding) throw new Error(`no binding of ${name}`)
  const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/${name}`
  const status = async () => (await tried('Deployment', 'app', 'example.test/a:1')).status
  expect(await status()).not.toBe(201)
  accepted(await api.ask(path, { method: 'DELETE' }))
  try {
    await eventually(async () => (await status()) === 201, {
      withinMs: 60_000,
      what: 'An image without a digest being taken',
    })
  } finally {
    accepted(await api.apply(binding))
  }
  await eventually(async () => (await status()) !== 201, {
    withinMs: 60_000,
    what: 'The policy being back',
  })
})
