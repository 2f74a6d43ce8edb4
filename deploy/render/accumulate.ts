import { existsSync, realpathSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { objectsIn } from './documents.ts'
import { RenderFault } from './fault.ts'
import { generated, hashOf, type ReadInside, readFrom } from './generate.ts'
import { applyImages } from './images.ts'
import { recordIn } from './json.ts'
import {
  type Generator,
  isKustomized,
  type Kustomization,
  kustomizationFile,
  readKustomization,
} from './kustomization.ts'
import { applyPatch } from './patch.ts'
import { followAccounts, followHashes } from './references.ts'
import { keyOf, type Manifest, nameOf, type Resource, resourceFrom, titleOf } from './resource.ts'
import { requireUnique, setAnnotations, setLabels, setNamespace, setReplicas } from './transform.ts'

/** A kustomization, and the folders that led to it. */
type Place = { readonly folder: string; readonly via: readonly string[] }

const isWithin = (path: string, folder: string) => !relative(folder, path).startsWith('..')

/** kustomize reads no file outside of the kustomization's folder. */
const readerOf = (folder: string): ReadInside =>
  readFrom(folder, (path) => {
    const from = join(folder, kustomizationFile)
    if (!existsSync(path)) throw new RenderFault(from, `there is no file ${relative(folder, path)}`)
    if (!isWithin(realpathSync(path), folder))
      throw new RenderFault(from, `${relative(folder, path)} is outside of the folder`)
    return path
  })

function folderOf({ folder, via }: Place, path: string): Place {
  const inner = realpathSync(join(folder, path))
  const chain = [...via, folder]
  if (chain.some((visited) => isWithin(visited, inner)))
    throw new RenderFault(join(folder, kustomizationFile), `${path} leads back to where it began`)
  return { folder: inner, via: chain }
}

function loaded(place: Place, path: string, read: ReadInside): Resource[] {
  const full = join(place.folder, path)
  if (existsSync(full) && statSync(full).isDirectory()) {
    if (!isKustomized(full)) throw new RenderFault(full, `holds no ${kustomizationFile}`)
    return accumulated(folderOf(place, path), [], 'Kustomization')
  }
  return objectsIn(read(path), full).map((value) => resourceFrom(value, full))
}

/** `create` adds; `merge` and `replace` change what a base generates. */
function absorb(all: Resource[], made: Resource, generator: Generator): Resource[] {
  const former = all.find(
    ({ value, original }) =>
      keyOf(value) === keyOf(made.value) ||
      keyOf({ ...value, metadata: { ...original } }) === keyOf(made.value),
  )
  if ((generator.behavior === 'create') !== (former === undefined))
    throw new RenderFault(
      made.file,
      former
        ? `${titleOf(made.value)} is there: say merge or replace`
        : `there is no ${titleOf(made.value)} to ${generator.behavior}`,
    )
  if (!former) return [...all, made]
  const old = former.value
  const merges = generator.behavior === 'merge'
  const data = { ...(merges ? recordIn(old, 'data') : {}), ...recordIn(made.value, 'data') }
  const metadata = recordIn(made.value, 'metadata')
  for (const field of ['labels', 'annotations'])
    if (recordIn(old, 'metadata')[field] !== undefined)
      metadata[field] = {
        ...recordIn(recordIn(old, 'metadata'), field),
        ...recordIn(metadata, field),
      }
  former.value = {
    ...made.value,
    metadata: { ...recordIn(old, 'metadata'), ...metadata, name: nameOf(old) },
    data,
  }
  const namespace = recordIn(old, 'metadata').namespace
  if (namespace !== undefined) recordIn(former.value, 'metadata').namespace = namespace
  former.hasHash = made.hasHash
  return all
}

function withGenerated(
  all: Resource[],
  { folder }: Place,
  own: Kustomization & { readonly read: ReadInside },
): Resource[] {
  const generators: Generator[] = [...own.configMapGenerator, ...own.secretGenerator]
  return generators.reduce((rest, generator) => {
    const made = generated({ folder, generator, shared: own.generatorOptions, read: own.read })
    return absorb(rest, made, generator)
  }, all)
}

/** What one kustomization, or one component on what stands already, makes. The order is kustomize's. */
function accumulated(
  place: Place,
  given: Resource[],
  kind: 'Kustomization' | 'Component',
): Resource[] {
  const { folder } = place
  const own = readKustomization(folder)
  if (own.kind !== kind)
    throw new RenderFault(
      join(folder, kustomizationFile),
      `is a ${own.kind} where a ${kind} stands`,
    )
  const read = readerOf(folder)
  const inner = own.resources.flatMap((path) => loaded(place, path, read))
  requireUnique([...given, ...inner])
  const complete = withGenerated([...given, ...inner], place, { ...own, read })
  const composed = own.components.reduce(
    (all, path) => accumulated(folderOf(place, path), all, 'Component'),
    complete,
  )
  const all = own.patches.reduce(
    (rest, patch) => applyPatch({ folder, patch, read }, rest),
    composed,
  )
  if (own.namespace) setNamespace(all, own.namespace)
  setLabels(all, own.labels)
  setAnnotations(all, own.commonAnnotations)
  setReplicas(all, own.replicas, folder)
  applyImages(all, own.images)
  requireUnique(all)
  return all
}

/** What `kustomize build` makes of a folder. Throws a RenderFault at whatever it would not, or we do not, take. */
export function build(folder: string): Manifest[] {
  if (!isKustomized(folder)) throw new RenderFault(folder, `holds no ${kustomizationFile}`)
  const all = accumulated({ folder: realpathSync(folder), via: [] }, [], 'Kustomization')
  for (const { value } of all.filter(({ hasHash }) => hasHash))
    recordIn(value, 'metadata').name = `${nameOf(value)}-${hashOf(value)}`
  followHashes(all)
  followAccounts(all)
  return all.map(({ value }) => value)
}
