import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { z } from 'zod'
import { fileNameOf, kustomizationOf, secretManifests, yamlOf } from './manifests.ts'
import type { Material } from './material.ts'
import { decrypted, encrypted, recipientsOf } from './sops.ts'

/** Where a set lies, and who may read it; without recipients it is plain. */
export type Place = { readonly folder: string; readonly recipients: readonly string[] | null }

const endOf = ({ recipients }: Place) => (recipients ? '.sops.yaml' : '.yaml')

/** What everything is made from. No manifest names it, so it goes to no cluster. */
const materialFile = (place: Place) => join(place.folder, `installation${endOf(place)}`)

const readable = (text: string) => (recipientsOf(text).length > 0 ? decrypted(text) : text)

/** Null in a folder without a set. Throws StartError for one that this person cannot decrypt. */
export async function keptIn(place: Place): Promise<unknown> {
  const file = materialFile(place)
  if (!existsSync(file)) return null
  return parse(await readable(await readFile(file, 'utf8')))
}

/** True for a folder in which something else is: nothing there may be written over. */
export async function isForeign(place: Place): Promise<boolean> {
  if (!existsSync(place.folder) || existsSync(materialFile(place))) return false
  return (await readdir(place.folder)).length > 0
}

/** For whom the set in a folder is encrypted; empty without one. */
export async function recipientsIn(folder: string): Promise<string[]> {
  const file = join(folder, 'installation.sops.yaml')
  return existsSync(file) ? recipientsOf(await readFile(file, 'utf8')) : []
}

/** Encrypting the same twice gives two texts: a file that already says it is left alone. */
async function alreadySays(file: string, value: unknown, place: Place): Promise<boolean> {
  if (!existsSync(file)) return false
  const text = await readFile(file, 'utf8')
  const same = isDeepStrictEqual(recipientsOf(text).sort(), [...(place.recipients ?? [])].sort())
  return same && isDeepStrictEqual(parse(await readable(text)), value)
}

async function put(file: string, text: string) {
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function write(file: string, value: unknown, place: Place): Promise<boolean> {
  // As the file will say it: undefined and absent are one there.
  const text = yamlOf(value)
  if (await alreadySays(file, parse(text), place)) return false
  await put(file, place.recipients ? await encrypted(text, place.recipients) : text)
  return true
}

/** The names of the files that changed. What the table no longer has is removed. */
export async function writeSet(material: Material, place: Place): Promise<string[]> {
  await mkdir(place.folder, { recursive: true, mode: 0o700 })
  const manifests = secretManifests(material)
  const names = manifests.map((manifest) => `${fileNameOf(manifest)}${endOf(place)}`)
  const changed: string[] = []
  // First what the others can be made from again.
  const pairs: [string, unknown][] = [[materialFile(place), material]]
  manifests.forEach((manifest, index) => {
    pairs.push([join(place.folder, names[index] ?? ''), manifest])
  })
  for (const [file, value] of pairs) {
    if (await write(file, value, place)) changed.push(file)
  }
  const former = (await listed(place)).filter((name) => !names.includes(name))
  await put(join(place.folder, 'kustomization.yaml'), kustomizationOf(names))
  for (const name of former) await rm(join(place.folder, name), { force: true })
  return changed
}

const Listing = z.object({ resources: z.array(z.string()) })

/** What the set was before; empty where there is none. */
async function listed({ folder }: Place): Promise<string[]> {
  const file = join(folder, 'kustomization.yaml')
  if (!existsSync(file)) return []
  const listing = Listing.safeParse(parse(await readFile(file, 'utf8')))
  return listing.success ? listing.data.resources : []
}
