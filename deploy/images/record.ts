import { z } from 'zod'
import type { Built } from './build.ts'
import type { Ingredients } from './contents.ts'
import { repository } from './list.ts'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const Layer = z.object({
  kind: z.enum(['runtime', 'web', 'addon', 'packages', 'app']),
  digest,
  bytes: z.number(),
})

/** What `bun run images` made, as deploy/images.json keeps it. */
const Record = z.object({
  version: z.string(),
  architecture: z.string(),
  created: z.string(),
  bun: z.string(),
  libc: z.string(),
  certificates: z.string(),
  images: z.array(
    z.object({
      name: z.string(),
      reference: z.string(),
      digest,
      sbom: digest,
      layers: z.array(Layer),
    }),
  ),
})

export type ImageRecord = z.output<typeof Record>

/** Throws for a file that says something else than a record would. */
export const recordFrom = (text: string): ImageRecord => Record.parse(JSON.parse(text))

type Made = {
  readonly version: string
  readonly architecture: string
  readonly created: string
  readonly ingredients: Ingredients
  readonly built: readonly (Built & { readonly sbomDigest: string })[]
}

export const recordOf = ({ ingredients, built, ...rest }: Made): ImageRecord =>
  Record.parse({
    ...rest,
    ...ingredients,
    images: built.map(({ source, image, parts, sbomDigest }) => ({
      name: source.name,
      reference: `${repository}/${source.name}`,
      digest: image.manifest.descriptor.digest,
      sbom: sbomDigest,
      layers: parts.map(({ kind, layer }) => ({
        kind,
        digest: layer.blob.descriptor.digest,
        bytes: layer.blob.descriptor.size,
      })),
    })),
  })

/** The component that turns `plexus/<name>` of a manifest into the image with this digest. */
export const componentOf = ({ images }: ImageRecord): string =>
  [
    '# Written by `bun run images`: what it has built, and nothing else.',
    'apiVersion: kustomize.config.k8s.io/v1alpha1',
    'kind: Component',
    'images:',
    ...[...images]
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap(({ name, reference, digest }) => [
        `  - name: plexus/${name}`,
        `    newName: ${reference}`,
        `    digest: ${digest}`,
      ]),
    '',
  ].join('\n')
