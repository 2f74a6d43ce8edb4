import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { withFileLock } from '../../stack/file-lock.ts'
import { allCrds, Crd } from './crds.ts'
import { generated, kubernetes, openApi, published } from './definitions.ts'
import { moduleFolder } from './modules.ts'
import { goPath, toolsFolder } from './path.ts'
import { schemasFrom } from './schemas.ts'

const inputs = ['schemas.ts', 'go/flux-apis/go.sum']

/** Another definition, or another way of reading one, is another folder. */
function catalogueFolder(): string {
  const hash = createHash('sha256').update(
    JSON.stringify([kubernetes, openApi, published, generated]),
  )
  for (const input of inputs) hash.update(readFileSync(join(import.meta.dir, input)))
  return join(toolsFolder(), `schemas-${hash.digest('hex').slice(0, 12)}`)
}

const crdsFile = 'crds.json'
const Swagger = z.object({
  definitions: z.record(z.string(), z.record(z.string(), z.unknown())),
})

async function make(folder: string) {
  const aside = `${folder}.new`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  const description = await readFile(join(await moduleFolder(kubernetes), openApi), 'utf8')
  const { definitions } = Swagger.parse(JSON.parse(description))
  const crds = await allCrds()
  for (const [name, schema] of schemasFrom(definitions, crds)) {
    await writeFile(join(aside, name), JSON.stringify(schema))
  }
  await writeFile(join(aside, crdsFile), JSON.stringify(crds))
  await rename(aside, folder)
}

/** Schemas of every kind, and the definitions of those that are not Kubernetes' own. */
export type Catalogue = {
  readonly folder: string
  crds(): Promise<Crd[]>
}

/** Why there is no catalogue and none can be made, or null. Where `CI=true`, that is a failure. */
export function catalogueMissing(ci: boolean): string | null {
  if (existsSync(catalogueFolder())) return null
  if (ci && goPath()) return null
  if (ci) throw new Error('CI=true needs Go, which fetches the schemas of Kubernetes.')
  return 'no schemas: bun deploy/tools.ts schemas'
}

/** Made once of what Go fetches; afterwards nothing is asked of the network. */
export async function ensureCatalogue(): Promise<Catalogue> {
  const folder = catalogueFolder()
  await mkdir(toolsFolder(), { recursive: true })
  await withFileLock(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await make(folder)
  })
  const crds = async () =>
    z.array(Crd).parse(JSON.parse(await readFile(join(folder, crdsFile), 'utf8')))
  return { folder, crds }
}
