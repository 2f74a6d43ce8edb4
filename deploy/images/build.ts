import { join } from 'node:path'
import { type Bundle, bundleOf, copied } from './bundle.ts'
import { compressed } from './compress.ts'
import { digestOf } from './digest.ts'
import type { ImageSource } from './list.ts'
import { blobOf, type Image, imageOf, type Layer, mediaTypes } from './oci.ts'
import { libraryFile, type Machine } from './runtime.ts'
import { labelsOf, runSettings } from './settings.ts'
import { tarOf } from './tar.ts'
import type { Node, Tree } from './tree.ts'

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

async function packagesTree({ packages }: Bundle, machine: Machine): Promise<Tree> {
  const tree = new Map<string, Node>(packages)
  if ([...packages.keys()].some((path) => path.endsWith('.node')))
    for (const name of addonLibraries)
      tree.set(`lib/${machine.triple}/${name}`, await libraryFile(machine, name))
  return tree
}

/** What an image holds above the runtime, the part that changes least first. */
export async function treesOf(source: ImageSource, workshop: Workshop) {
  const { root, machine } = workshop
  const bundle = await bundleOf(source.entry, root)
  const trees: [string, Tree][] = [
    ['packages', await packagesTree(bundle, machine)],
    ['web', await copied(source.servesWeb ? ['dist/web'] : [], root)],
    ['app', new Map([...bundle.app, ...(await copied(source.files, root))])],
  ]
  return { bundle, trees: trees.filter(([, tree]) => tree.size > 0) }
}

/** One image over a runtime that all of them share. */
export async function build(
  source: ImageSource,
  runtime: Part,
  workshop: Workshop,
): Promise<Built> {
  const { bundle, trees } = await treesOf(source, workshop)
  const own: Part[] = []
  for (const [kind, tree] of trees) own.push(await partOf(kind, tree, workshop))
  const parts = [runtime, ...own]
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
