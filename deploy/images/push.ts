import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestOf } from './digest.ts'
import { type Blob, mediaTypes } from './oci.ts'
import type { ImageRecord } from './record.ts'
import type { Repository } from './registry.ts'

const Descriptor = z.object({ mediaType: z.string(), digest: z.string(), size: z.number() })
const Manifest = z.object({
  config: Descriptor,
  layers: z.array(Descriptor),
  subject: Descriptor.optional(),
})
const Index = z.object({ manifests: z.array(Descriptor) })

type Push = {
  readonly layout: string
  readonly record: ImageRecord
  /** Another name for each of them, beside its digest. */
  readonly tag: string
  readonly open: (name: string) => Pick<Repository, 'putBlob' | 'putManifest'>
}

async function blobIn(layout: string, descriptor: z.output<typeof Descriptor>): Promise<Blob> {
  const bytes = await readFile(join(layout, 'blobs/sha256', descriptor.digest.slice(7)))
  if (digestOf(bytes) !== descriptor.digest) throw new Error(`${descriptor.digest} was damaged.`)
  return { descriptor, bytes }
}

/** Every image of a layout with its bill of materials; what a registry has is not sent again. */
export async function pushAll({ layout, record, tag, open }: Push): Promise<string[]> {
  const index = Index.parse(await Bun.file(join(layout, 'index.json')).json())
  const manifests = await Promise.all(
    [...new Map(index.manifests.map((row) => [row.digest, row])).values()].map(async (row) => {
      const blob = await blobIn(layout, { ...row, mediaType: mediaTypes.manifest })
      return { blob, ...Manifest.parse(JSON.parse(new TextDecoder().decode(blob.bytes))) }
    }),
  )
  const pushed: string[] = []
  for (const { reference, digest } of record.images) {
    const repository = open(reference)
    const own = manifests.filter(
      ({ blob, subject }) => blob.descriptor.digest === digest || subject?.digest === digest,
    )
    if (own.length === 0) throw new Error(`${reference}@${digest} is not in ${layout}.`)
    for (const { blob, config, layers, subject } of own) {
      for (const part of [config, ...layers]) await repository.putBlob(await blobIn(layout, part))
      await repository.putManifest(blob, subject ? blob.descriptor.digest : tag)
    }
    pushed.push(`${reference}@${digest}`)
  }
  return pushed
}
