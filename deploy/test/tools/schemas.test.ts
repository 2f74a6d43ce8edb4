import { beforeAll, describe, expect, test } from 'bun:test'
import { relative } from 'node:path'
import { k3sFolder, renderOverlay } from '../../render/overlay.ts'
import { groupOf } from '../../render/resource.ts'
import { ensureTool } from '../../tools/build.ts'
import { type Catalogue, catalogueMissing, ensureCatalogue } from '../../tools/catalogue.ts'
import { toolMissing } from '../../tools/path.ts'
import { combinations } from '../choices.ts'
import { overlayFolders, withCombination } from './folders.ts'
import { conform } from './kubeconform.ts'
import { withoutSchema } from './without-schema.ts'

const ci = process.env.CI === 'true'
const missing = toolMissing('kubeconform', ci) ?? catalogueMissing(ci)

const hasSchema = ({ apiVersion }: { apiVersion?: unknown }) =>
  !withoutSchema.some(({ group }) => String(apiVersion).startsWith(`${group}/`))

describe.skipIf(missing !== null)(missing ? `schemas (${missing})` : 'schemas', () => {
  let catalogue: Catalogue
  const faultsOf = async (folder: string) => {
    const objects = renderOverlay(folder).filter(hasSchema)
    const verdicts = await conform(catalogue, objects)
    expect(verdicts).toHaveLength(objects.length)
    return verdicts.filter(({ ok }) => !ok)
  }

  beforeAll(async () => {
    await ensureTool('kubeconform')
    catalogue = await ensureCatalogue()
  }, 600_000)

  for (const folder of overlayFolders) {
    test(`every object of ${relative(k3sFolder, folder)} is what its schema says, and nothing more`, async () => {
      expect(await faultsOf(folder)).toEqual([])
    })
  }

  test('every object of every component is what its schema says, and only those that are named have none', async () => {
    const groups = new Set<string>()
    for (const combination of combinations) {
      await withCombination(combination, async (folder) => {
        for (const object of renderOverlay(folder)) groups.add(groupOf(object))
        expect(await faultsOf(folder)).toEqual([])
      })
    }
    expect(withoutSchema.filter(({ group }) => !groups.has(group))).toEqual([])
  }, 60_000)

  const misspelt = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { port: [{ port: 80 }] },
    },
    {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: 'a' },
      spec: { headers: { stsSecond: 1 } },
    },
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: 'a' },
      spec: { instances: 'two' },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { nam: 'a' } },
    { apiVersion: 'example.test/v1', kind: 'Unknown', metadata: { name: 'a' } },
  ]
  for (const object of misspelt) {
    test(`a ${object.kind} with a field that nobody knows, or of no kind, is refused`, async () => {
      const [verdict] = await conform(catalogue, [object])
      expect(verdict?.ok).toBe(false)
    })
  }
})
