import { chmod, cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Described = z.object({ digest: z.string() })
const Index = z.object({
  manifests: z.array(
    Described.extend({ annotations: z.record(z.string(), z.string()).optional() }),
  ),
})
const Manifest = z.object({ config: Described, layers: z.array(Described) })
const Config = z.object({
  config: z.object({
    User: z.string(),
    WorkingDir: z.string(),
    Env: z.array(z.string()),
    Entrypoint: z.array(z.string()),
    Labels: z.record(z.string(), z.string()),
  }),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
})

const blobIn = (layout: string, digest: string) =>
  readFile(join(layout, 'blobs/sha256', digest.slice('sha256:'.length)))

const jsonIn = async (layout: string, digest: string): Promise<unknown> =>
  JSON.parse((await blobIn(layout, digest)).toString())

/** An image of a layout, by the end of its name without the tag. */
export async function readImage(layout: string, name: string) {
  const { manifests } = Index.parse(await Bun.file(join(layout, 'index.json')).json())
  const row = manifests.find(({ annotations = {} }) =>
    annotations['org.opencontainers.image.ref.name']?.includes(`/${name}:`),
  )
  if (!row) throw new Error(`${layout} has no image ${name}.`)
  const { config, layers } = Manifest.parse(await jsonIn(layout, row.digest))
  const { config: run, rootfs } = Config.parse(await jsonIn(layout, config.digest))
  return {
    digest: row.digest,
    run,
    diffIds: rootfs.diff_ids,
    layers: layers.map(({ digest }) => digest),
  }
}

export type ReadImage = Awaited<ReturnType<typeof readImage>>

async function extract(bytes: Uint8Array, folder: string) {
  await mkdir(folder, { recursive: true })
  const child = Bun.spawn(['tar', '--extract', '--same-permissions', '--directory', folder], {
    stdio: [await Bun.zstdDecompress(bytes), 'ignore', 'inherit'],
  })
  if ((await child.exited) !== 0) throw new Error(`A layer could not be unpacked into ${folder}.`)
}

type Unpacking = { readonly layout: string; readonly image: ReadImage; readonly folder: string }

/**
 * The root file system of an image. Its first layer is taken by hard links from what was unpacked
 * before, so that processes share its pages as they do on a node.
 */
export async function unpack({ layout, image, folder }: Unpacking, shared: string): Promise<void> {
  const [runtime = '', ...own] = image.layers
  const base = join(shared, runtime.slice('sha256:'.length))
  if (!(await Bun.file(join(base, 'etc/passwd')).exists()))
    await extract(await blobIn(layout, runtime), base)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  const child = Bun.spawn(['cp', '--archive', '--link', `${base}/.`, folder])
  if ((await child.exited) !== 0) await cp(base, folder, { recursive: true })
  for (const digest of own) await extract(await blobIn(layout, digest), folder)
}
