import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isKustomized } from '../render/kustomization.ts'
import { k3sFolder, profiles, renderOverlay } from '../render/overlay.ts'
import { brokenIn } from '../rules/table.ts'
import { chosen, instead } from './choices.ts'
import { withComponents } from './overlay-cluster.ts'

/** Components that every profile or stage of a kind has: in its overlay already. */
const built = [
  'acme',
  'cert-manager',
  'certificates-backup',
  'images',
  'production',
  'service',
  'staging',
  'third-party',
]

const folder = join(k3sFolder, 'components')
const all = readdirSync(folder).filter((name) => isKustomized(join(folder, name)))

const pairs = profiles.flatMap((profile) =>
  [...chosen[profile], ...instead[profile]].map((name) => [profile, name] as const),
)

const without = new Map<string, string>(
  profiles.map((profile) => [profile, JSON.stringify(renderOverlay(profile))]),
)

test.each(pairs)(
  '%s with %s breaks no rule, and is another than without',
  async (profile, name) => {
    const cluster = await withComponents(profile, [name])
    expect(Object.fromEntries(brokenIn(cluster))).toEqual({})
    expect(JSON.stringify(cluster.manifests)).not.toBe(without.get(profile))
  },
)

test.each(profiles)('%s with all that it can carry breaks no rule', async (profile) => {
  expect(Object.fromEntries(brokenIn(await withComponents(profile, chosen[profile])))).toEqual({})
})

test('every component is chosen by somebody or stands in every overlay', () => {
  const named = new Set([
    ...built,
    ...Object.values(chosen).flat(),
    ...Object.values(instead).flat(),
  ])
  expect(all.filter((name) => !named.has(name))).toEqual([])
})
