import { beforeAll, describe, expect, test } from 'bun:test'
import { relative } from 'node:path'
import { k3sFolder, presetSettings, profiles, renderOverlay } from '../../render/overlay.ts'
import { titleOf } from '../../render/resource.ts'
import { ensureTool } from '../../tools/build.ts'
import { toolMissing } from '../../tools/path.ts'
import { optionalComponents, overlayFolders, withCombination } from './folders.ts'
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

/** Either what a folder holds, or that it cannot be built. */
function outcomeOf(build: () => Record<string, unknown>): Record<string, unknown> | 'refused' {
  try {
    return build()
  } catch {
    return 'refused'
  }
}

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

  test('every component is rendered as kustomize renders it, on each profile that takes it', async () => {
    const components = await optionalComponents()
    for (const component of components) {
      const outcomes: unknown[] = []
      for (const profile of profiles) {
        await withCombination(profile, component, async (folder) => {
          const outcome = outcomeOf(() => ours(folder))
          expect(outcome).toEqual(outcomeOf(() => theirs(folder)))
          outcomes.push(outcome)
        })
      }
      expect({ component, taken: outcomes.some((outcome) => outcome !== 'refused') }).toEqual({
        component,
        taken: true,
      })
    }
  })
})
