import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from './digest.ts'

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  sbom: 'application/vnd.cyclonedx+json',
} as const

export type Descriptor = {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: { readonly os: string; readonly architecture: string }
  readonly artifactType?: string
}

export type Blob = { readonly descriptor: Descriptor; readonly bytes: Uint8Array }

export const blobOf = (mediaType: string, content: Uint8Array | string): Blob => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes }
}

/** JSON in the order in which it is written, so that the same content is the same bytes. */
export const jsonBlob = (mediaType: string, value: unknown): Blob =>
  blobOf(mediaType, JSON.stringify(value))

export type Layer = { readonly blob: Blob; readonly diffId: string }

export type Image = {
  readonly manifest: Blob
  readonly blobs: readonly Blob[]
}

type ImageOptions = {
  readonly platform: string
  readonly created: string
  readonly labels: Readonly<Record<string, string>>
  readonly run: Readonly<Record<string, unknown>>
  readonly layers: readonly Layer[]
}

/** An image in the form of the OCI's image specification. */
export function imageOf({ platform, created, labels, run, layers }: ImageOptions): Image {
  const config = jsonBlob(mediaTypes.config, {
    created,
    architecture: platform,
    os: 'linux',
    config: { ...run, Labels: labels },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created, created_by: 'bun run images' })),
  })
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ blob }) => blob.descriptor),
    annotations: labels,
  })
  return { manifest, blobs: [config, ...layers.map(({ blob }) => blob), manifest] }
}

const empty = blobOf(mediaTypes.empty, '{}')

/** A document about an image, which registries list among the image's referrers. */
export function documentOf(subject: Descriptor, document: Blob): Image {
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: document.descriptor.mediaType,
    config: empty.descriptor,
    layers: [document.descriptor],
    subject,
  })
  return { manifest, blobs: [empty, document, manifest] }
}

type Layout = {
  readonly folder: string
  readonly blobs: readonly Blob[]
  readonly manifests: readonly Descriptor[]
}

/** A folder in the form of the OCI's image layout; what was there before is gone. */
export async function writeLayout({ folder, blobs, manifests }: Layout): Promise<void> {
  const fresh = `${folder}.new`
  const sha256 = join(fresh, 'blobs', 'sha256')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(sha256, { recursive: true })
  for (const { descriptor, bytes } of blobs)
    await writeFile(join(sha256, descriptor.digest.slice('sha256:'.length)), bytes)
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests }
  await writeFile(join(fresh, 'index.json'), JSON.stringify(index))
  await writeFile(join(fresh, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}
