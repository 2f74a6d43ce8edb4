import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { clusterFrom } from '../model/cluster.ts'
import { isKustomized } from '../render/kustomization.ts'
import { k3sFolder, type Profile, profiles, renderOverlay } from '../render/overlay.ts'
import { brokenIn } from '../rules/table.ts'

/** Components that an installation chooses, by the profile that can carry them. */
const chosen: Readonly<Record<Profile, readonly string[]>> = {
  'single-4g': ['adminer', 'kafka', 'logs', 'observability', 'replica', 'valkey'],
  'full-8g': ['adminer', 'kafka', 'logs', 'replica-cluster', 'valkey'],
}

/** Components that every profile or stage of a kind has: in its overlay already. */
const built = ['acme', 'cert-manager', 'images', 'production', 'service', 'staging', 'third-party']

const folder = join(k3sFolder, 'components')
const all = readdirSync(folder).filter((name) => isKustomized(join(folder, name)))

async function withComponents(profile: string, components: readonly string[]) {
  const root = await mkdtemp(join(tmpdir(), 'plexus-components-'))
  const lines = [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    `resources: ["${relative(root, join(k3sFolder, 'overlays', profile))}"]`,
    `components: ${JSON.stringify(components.map((name) => relative(root, join(folder, name))))}`,
  ]
  await writeFile(join(root, 'kustomization.yaml'), lines.join('\n'))
  try {
    return clusterFrom(renderOverlay(root))
  } finally {
    await rm(root, { recursive: true })
  }
}

const pairs = profiles.flatMap((profile) => chosen[profile].map((name) => [profile, name] as const))

test.each(pairs)('%s with %s breaks no rule, and is more than without', async (profile, name) => {
  const cluster = await withComponents(profile, [name])
  expect(Object.fromEntries(brokenIn(cluster))).toEqual({})
  expect(JSON.stringify(cluster.manifests)).not.toBe(JSON.stringify(renderOverlay(profile)))
})

test.each(profiles)('%s with all that it can carry breaks no rule', async (profile) => {
  expect(Object.fromEntries(brokenIn(await withComponents(profile, chosen[profile])))).toEqual({})
})

test('every component is chosen by somebody or stands in every overlay', () => {
  const named = new Set([...built, ...Object.values(chosen).flat()])
  expect(all.filter((name) => !named.has(name))).toEqual([])
})
