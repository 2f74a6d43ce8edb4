import { beforeAll, describe, expect, test } from 'bun:test'
import { relative } from 'node:path'
import { k3sFolder, presetSettings, renderOverlay } from '../../render/overlay.ts'
import { titleOf } from '../../render/resource.ts'
import { ensureTool } from '../../tools/build.ts'
import { toolMissing } from '../../tools/path.ts'
import { combinations } from '../choices.ts'
import { overlayFolders, withCombination } from './folders.ts'
import { kustomized } from './kustomized.ts'

const missing = toolMissing('kustomize', process.env.CI === 'true')
const settings = { ...presetSettings(), DOMAIN: 'example.test' }

/** In the order of their titles: both programs sort, each by its own rules. */
const byTitle = (objects: readonly unknown[]) =>
  Object.fromEntries(
    objects.map((value) => [titleOf(JSON.parse(JSON.stringify(value))), value] as const).sort(),
  )

const ours = (folder: string) =>
  byTitle(renderOverlay(folder, { settings: { DOMAIN: 'example.test' } }))
const theirs = (folder: string) => byTitle(kustomized(folder, settings))

describe.skipIf(missing !== null)(missing ? `kustomize (${missing})` : 'kustomize', () => {
  beforeAll(async () => {
    await ensureTool('kustomize')
  }, 600_000)

  for (const folder of overlayFolders) {
    test(`${relative(k3sFolder, folder)} is rendered as kustomize renders it`, () => {
      const rendered = ours(folder)
      expect(Object.keys(rendered).length).toBeGreaterThan(20)
      expect(rendered).toEqual(theirs(folder))
    })
  }

  for (const combination of combinations) {
    const [profile, names] = combination
    test(`${profile} with ${names.join(', ')} is rendered as kustomize renders it`, async () => {
      await withCombination(combination, async (folder) => {
        expect(ours(folder)).toEqual(theirs(folder))
      })
    })
  }
})
