import { beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../render/accumulate.ts'
import { k3sFolder, overlays, presetSettings, renderOverlay } from '../render/overlay.ts'
import { groupOf, type Manifest, nameOf, titleOf } from '../render/resource.ts'
import { substituted } from '../render/substitute.ts'
import { secretManifests } from '../secrets/manifests.ts'
import { newMaterial } from '../secrets/material.ts'
import { combinations } from '../test/choices.ts'
import { withCombination } from '../test/tools/folders.ts'
import { withoutSchema } from '../test/tools/without-schema.ts'
import type { Api } from './client.ts'
import { defaultAccount, ground } from './ground.ts'
import { podsOf } from './pods.ts'

let api: Api
beforeAll(async () => {
  api = await ground()
}, 120_000)

const canBeTried = (manifest: Manifest) =>
  !withoutSchema.some(({ group }) => group === groupOf(manifest))

/** Objects that the server refuses, and why. */
async function refusedOf(manifests: readonly Manifest[]) {
  const answers = await Promise.all(
    manifests.filter(canBeTried).map(async (manifest) => {
      const { status, says } = await api.apply(manifest, { dry: true })
      return { object: titleOf(manifest), status, says }
    }),
  )
  return answers.filter(({ status }) => status >= 300)
}

/** The same of the pods that their controllers would make of them. */
async function refusedPodsOf(manifests: readonly Manifest[]) {
  const pods = podsOf(manifests)
  const answers = await Promise.all(
    pods.map(async (pod) => {
      const { status, says } = await api.create(pod, { dry: true })
      return { object: titleOf(pod), status, says }
    }),
  )
  expect(answers.length).toBeGreaterThan(0)
  return answers.filter(({ status }) => status !== 201)
}

describe('a real API server', () => {
  for (const overlay of overlays) {
    test(`takes every object of ${overlay}, and every pod that comes of it`, async () => {
      const manifests = renderOverlay(overlay)
      expect(await refusedOf(manifests)).toEqual([])
      expect(await refusedPodsOf(manifests)).toEqual([])
    })
  }

  for (const combination of combinations) {
    const [profile, names] = combination
    test(`takes every object of ${profile} with ${names.join(', ')}, and every pod that comes of it`, async () => {
      await withCombination(combination, async (folder) => {
        expect(await refusedWith(renderOverlay(folder))).toEqual([])
      })
    })
  }

  test('takes every Secret that is made for an installation', async () => {
    const secrets = secretManifests(await newMaterial(new Date('2026-11-22T05:00:00Z'), {}))
    expect(secrets.length).toBeGreaterThan(10)
    expect(await refusedOf(secrets.map((secret) => JSON.parse(JSON.stringify(secret))))).toEqual([])
  })

  const clusters = join(k3sFolder, 'flux/clusters')
  for (const cluster of readdirSync(clusters)) {
    test(`[KG-12] Flux' objects of ${cluster} are what Flux defines`, async () => {
      const settings = presetSettings()
      const manifests = build(join(clusters, cluster)).map((own) => substituted(own, settings))
      expect(manifests.some(({ kind }) => kind === 'GitRepository')).toBe(true)
      expect(manifests.filter((manifest) => !canBeTried(manifest))).toEqual([])
      expect(await refusedOf(manifests)).toEqual([])
    })
  }

  const wrong: readonly (readonly [string, Manifest, string])[] = [
    [
      'a field that nobody knows',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace: 'app' },
        dat: {},
      },
      'dat',
    ],
    [
      'a port out of range',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a', namespace: 'app' },
        spec: { ports: [{ port: 70_000 }] },
      },
      'between 1 and 65535',
    ],
    [
      'a selector that does not match its pods',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a', namespace: 'app' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'c' } }, spec: { containers: [] } },
        },
      },
      'selector',
    ],
    [
      'a schedule that is none',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'a', namespace: 'app' },
        spec: { schedule: 'daily' },
      },
      'schedule',
    ],
    [
      'an interval that Flux cannot read',
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'a', namespace: 'flux-system' },
        spec: { url: 'https://example.test/a', interval: 'often' },
      },
      'interval',
    ],
  ]
  test.each(wrong)('refuses %s', async (_, manifest, reason) => {
    const { status, says } = await api.apply(manifest, { dry: true })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(says).toContain(reason)
  })
})

/** A component may bring a namespace: its objects are tried in one that is there. */
async function refusedWith(manifests: readonly Manifest[]) {
  const rooms = manifests.filter(({ kind }) => kind === 'Namespace')
  for (const room of rooms) {
    await api.apply(room)
    await api.apply(defaultAccount(nameOf(room)))
  }
  const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount')
  for (const own of accounts) await api.apply(own)
  return [...(await refusedOf(manifests)), ...(await refusedPodsOf(manifests))]
}
