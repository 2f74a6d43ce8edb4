import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { build } from '../render/accumulate.ts'
import { presetSettings, renderOverlay } from '../render/overlay.ts'
import { nameOf, namespaceOf } from '../render/resource.ts'

const root = resolve(import.meta.dir, '../..')
const flux = join(root, 'deploy/k3s/flux')
const stages = ['staging', 'production']

const Sync = z.object({
  kind: z.literal('Kustomization'),
  metadata: z.object({ name: z.string(), namespace: z.literal('flux-system') }),
  spec: z.object({
    dependsOn: z.array(z.object({ name: z.string() })).default([]),
    interval: z.string(),
    retryInterval: z.literal('1m'),
    timeout: z.string(),
    path: z.string(),
    prune: z.boolean(),
    wait: z.literal(true),
    force: z.boolean().default(false),
    decryption: z.unknown().optional(),
    healthCheckExprs: z.array(z.object({ kind: z.string(), current: z.string() })).default([]),
    images: z.array(z.object({ name: z.string(), digest: z.string() })).default([]),
    patches: z.array(z.object({ target: z.object({ name: z.string() }) })).default([]),
  }),
})
type Sync = z.output<typeof Sync>

const clusterOf = (stage: string) => build(join(flux, 'clusters', stage))

const syncsOf = (stage: string): Map<string, Sync['spec']> => {
  const found = clusterOf(stage).filter(({ kind }) => kind === 'Kustomization')
  return new Map(
    found.map((one) => Sync.parse(one)).map(({ metadata, spec }) => [metadata.name, spec]),
  )
}

const namesOf = (stage: string, kind: string) =>
  clusterOf(stage)
    .filter((one) => one.kind === kind)
    .map(nameOf)
    .sort()

const Source = z.object({
  spec: z.object({ interval: z.string(), ref: z.object({ branch: z.string() }) }),
})

const sourceOf = (stage: string) =>
  Source.parse(clusterOf(stage).find(({ kind }) => kind === 'GitRepository')).spec

const Images = z.object({ images: z.array(z.object({ name: z.string(), reference: z.string() })) })

/** What a cluster runs; the image of everything in one process is for servers without one. */
async function ourImages() {
  const record = await readFile(join(root, 'deploy/images.json'), 'utf8')
  return Images.parse(JSON.parse(record)).images.filter(({ name }) => name !== 'plexus')
}

describe.each(stages)('%s', (stage) => {
  test('every part is waited for, after the parts that it needs', () => {
    const syncs = syncsOf(stage)
    const done = new Set<string>()
    while (done.size < syncs.size) {
      const ready = [...syncs].filter(
        ([name, { dependsOn }]) => !done.has(name) && dependsOn.every((one) => done.has(one.name)),
      )
      expect(
        ready.length,
        `what ${[...syncs.keys()].filter((name) => !done.has(name))} wait for`,
      ).toBeGreaterThan(0)
      for (const [name] of ready) done.add(name)
    }
    const order = [...done]
    expect(order.indexOf('namespaces')).toBeLessThan(order.indexOf('secrets'))
    expect(order.indexOf('secrets')).toBeLessThan(order.indexOf('plexus'))
    expect([...syncs].filter(([, { prune }]) => !prune).map(([name]) => name)).toEqual([
      'namespaces',
    ])
    expect([...syncs].filter(([, { force }]) => force)).toEqual([])
  })

  test('every path is a folder that renders', () => {
    for (const { path } of syncsOf(stage).values()) {
      expect(existsSync(join(root, path, 'kustomization.yaml')), path).toBe(true)
      if (!path.includes('/secrets'))
        expect(build(join(root, path)).length, path).toBeGreaterThan(0)
    }
  })

  test('secrets are decrypted, and nothing else is', () => {
    const decrypting = [...syncsOf(stage)].filter(([, { decryption }]) => decryption)
    expect(decrypting.map(([name, { path }]) => [name, path])).toEqual([
      ['secrets', `./deploy/k3s/flux/clusters/${stage}/secrets`],
    ])
  })

  test('its settings say a value for each that the manifests know', () => {
    const own = clusterOf(stage).find(({ kind }) => kind === 'ConfigMap')
    expect(Object.keys(Object(own?.data)).sort()).toEqual(Object.keys(presetSettings()).sort())
  })

  test('the namespaces have one owner', () => {
    const { patches, path } = syncsOf(stage).get('plexus') ?? { patches: [], path: '' }
    const removed = new RegExp(`^(${patches[0]?.target.name})$`)
    const namespaces = build(join(root, 'deploy/k3s/policies/namespaces')).map((one) => nameOf(one))
    const all = build(join(root, path)).filter(({ kind }) => kind === 'Namespace')
    const kept = all.map(nameOf).filter((name) => !removed.test(name))
    expect(kept.filter((name) => namespaces.includes(name))).toEqual([])
    for (const name of namespaces) expect(name).toMatch(removed)
  })
})

test('[KG-12] each stage follows a branch of the repository, looked at every minute', () => {
  expect(stages.map(sourceOf)).toEqual([
    { interval: '1m', ref: { branch: 'main' } },
    { interval: '1m', ref: { branch: 'production' } },
  ])
  for (const stage of stages) {
    for (const { interval } of syncsOf(stage).values()) expect(interval).toMatch(/^(10m|1h)$/)
  }
})

test('[KG-13] each of our images is looked for in the registry, and the newest of main goes to staging by its digest', async () => {
  const names = (await ourImages()).map(({ name }) => name).sort()
  expect(namesOf('staging', 'ImageRepository')).toEqual(names)
  expect(namesOf('staging', 'ImagePolicy')).toEqual(names)
  const { images } = syncsOf('staging').get('plexus') ?? { images: [] }
  expect(images.map(({ name }) => name).sort()).toEqual(
    (await ourImages()).map(({ reference }) => reference).sort(),
  )
  const text = await readFile(join(flux, 'clusters/staging/plexus.yaml'), 'utf8')
  for (const { name, reference } of await ourImages()) {
    expect(text).toMatch(
      new RegExp(
        `name: ${reference}\\n +digest: sha256:[0-9a-f]{64} # \\{"\\$imagepolicy": "flux-system:${name}:digest"\\}`,
      ),
    )
  }
  const automations = clusterOf('staging').filter(({ kind }) => kind === 'ImageUpdateAutomation')
  expect(JSON.stringify(automations)).toContain('"path":"./deploy/k3s/flux/clusters/staging"')
})

test('nothing changes production but a merge', () => {
  for (const kind of ['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation']) {
    expect(namesOf('production', kind)).toEqual([])
  }
  expect(syncsOf('production').get('plexus')?.images).toEqual([])
})

test('Traefik reaches the receiver and nothing else of flux-system', () => {
  const objects = renderOverlay(join(flux, 'receiver'))
  const kinds = objects.map((one) => `${one.kind} ${namespaceOf(one)}`)
  expect(kinds.sort()).toEqual([
    'IngressRoute edge',
    'NetworkPolicy edge',
    'Receiver flux-system',
    'Service edge',
  ])
})

test('a volume that only a schedule mounts holds no installation up until its first night', () => {
  for (const stage of stages) {
    const { path = '', healthCheckExprs = [] } = syncsOf(stage).get('plexus') ?? {}
    const all = build(join(root, path))
    expect(all.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(nameOf)).toContain(
      'backup',
    )
    expect(healthCheckExprs, stage).toEqual([
      expect.objectContaining({
        kind: 'PersistentVolumeClaim',
        current: "status.phase in ['Bound', 'Pending']",
      }),
    ])
  }
})
