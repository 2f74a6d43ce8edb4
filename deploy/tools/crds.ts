import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { program } from '../../stack/program.ts'
import { ensureTool } from './build.ts'
import { generated, type Published, published } from './definitions.ts'
import { moduleFolder } from './modules.ts'

/** A CustomResourceDefinition, as far as anybody here looks into it. */
export const Crd = z.looseObject({
  apiVersion: z.literal('apiextensions.k8s.io/v1'),
  kind: z.literal('CustomResourceDefinition'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string(), plural: z.string() }),
    scope: z.enum(['Namespaced', 'Cluster']),
    versions: z.array(
      z.looseObject({
        name: z.string(),
        schema: z.looseObject({ openAPIV3Schema: z.record(z.string(), z.unknown()) }),
      }),
    ),
  }),
})
export type Crd = z.output<typeof Crd>

async function crdsIn(folder: string, files: string): Promise<Crd[]> {
  const paths = (await Array.fromAsync(new Bun.Glob(files).scan({ cwd: folder }))).sort()
  if (paths.length === 0) throw new Error(`No definitions match ${files}.`)
  const texts = await Promise.all(
    paths
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => readFile(join(folder, path), 'utf8')),
  )
  return texts.flatMap((text) =>
    parseAllDocuments(text)
      .map((document) => document.toJS() as unknown)
      .filter((document) => document !== null)
      .map((document) => Crd.parse(document)),
  )
}

const crdsOf = async ({ module, files }: Published) => crdsIn(await moduleFolder(module), files)

/** From Go's types, where a project publishes these and no files. */
async function generatedCrds(): Promise<Crd[]> {
  const generator = await ensureTool('controller-gen')
  const folder = await mkdtemp(join(tmpdir(), 'plexus-crds-'))
  try {
    const paths = generated.map((path) => `paths=${path}`)
    await program([generator, 'crd', ...paths, `output:crd:dir=${folder}`], {
      cwd: join(import.meta.dir, 'go/flux-apis'),
      env: { GOWORK: 'off' },
    })
    return await crdsIn(folder, '*.yaml')
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Every definition that can be had without the cluster it is for, sorted by name. */
export async function allCrds(): Promise<Crd[]> {
  const found: Crd[] = []
  for (const source of published) found.push(...(await crdsOf(source)))
  found.push(...(await generatedCrds()))
  return found.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
}
