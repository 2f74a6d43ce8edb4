import { join } from 'node:path'
import { proveSchema } from '../../stack/proven.ts'
import { type Bundle, bundleOf, copied } from './bundle.ts'
import { compressed } from './compress.ts'
import { digestOf } from './digest.ts'
import { home, type ImageSource } from './list.ts'
import { blobOf, type Image, imageOf, type Layer, mediaTypes } from './oci.ts'
import { libraryFile, type Machine } from './runtime.ts'
import { labelsOf, runSettings } from './settings.ts'
import { squeezed } from './squeeze.ts'
import { tarOf } from './tar.ts'
import { file, type Node, type Tree } from './tree.ts'

export type Workshop = {
  readonly root: string
  readonly cacheDir: string
  readonly machine: Machine
  readonly version: string
  /** Everything in an image is of this time. */
  readonly epochSeconds: number
}

export const createdOf = ({ epochSeconds }: Workshop) =>
  new Date(epochSeconds * 1_000).toISOString()

/** What an addon of Node's needs beside the libraries that Bun needs. */
const addonLibraries = ['libgcc_s.so.1', 'librt.so.1']

export type Part = { readonly kind: string; readonly tree: Tree; readonly layer: Layer }

export type Built = {
  readonly source: ImageSource
  readonly image: Image
  readonly parts: readonly Part[]
  readonly bundle: Bundle
}

export async function partOf(kind: string, tree: Tree, workshop: Workshop): Promise<Part> {
  const tar = tarOf(tree, workshop.epochSeconds)
  const blob = blobOf(mediaTypes.layer, await compressed(tar, workshop))
  return { kind, tree, layer: { blob, diffId: digestOf(tar) } }
}

async function addonsTree({ addons }: Bundle, machine: Machine): Promise<Tree> {
  const tree = new Map<string, Node>(addons)
  if (addons.size === 0) return tree
  for (const name of addonLibraries)
    tree.set(`lib/${machine.triple}/${name}`, await libraryFile(machine, name))
  return tree
}

/** What images share, made once. */
export type Shared = { readonly runtime: Part; readonly web: Part }

/** The built client; it must lie in dist/web. */
export const webPart = async (workshop: Workshop): Promise<Part> =>
  partOf('web', await squeezed(await copied(['dist/web'], workshop.root)), workshop)

/** What only this image holds, the part that changes least first. */
async function ownTrees(source: ImageSource, bundle: Bundle, { root, machine }: Workshop) {
  const proof: [string, Node][] = source.hasGateway
    ? [[`${home.slice(1)}/schema/proven.txt`, file(await proveSchema(root))]]
    : []
  const trees: [string, Tree][] = [
    ['addon', await addonsTree(bundle, machine)],
    ['packages', bundle.packages],
    ['app', new Map([...bundle.app, ...(await copied(source.files, root)), ...proof])],
  ]
  return trees.filter(([, tree]) => tree.size > 0)
}

/** One image over a runtime that all of them share. */
export async function build(
  source: ImageSource,
  { runtime, web }: Shared,
  workshop: Workshop,
): Promise<Built> {
  const bundle = await bundleOf(source.entry, workshop.root)
  const parts = source.hasGateway ? [runtime, web] : [runtime]
  for (const [kind, tree] of await ownTrees(source, bundle, workshop))
    parts.push(await partOf(kind, tree, workshop))
  const image = imageOf({
    platform: workshop.machine.platform,
    created: createdOf(workshop),
    labels: labelsOf(source, workshop.version),
    run: runSettings,
    layers: parts.map(({ layer }) => layer),
  })
  return { source, image, parts, bundle }
}

export const layoutFolder = (root: string) => join(root, 'dist', 'images', 'oci')
