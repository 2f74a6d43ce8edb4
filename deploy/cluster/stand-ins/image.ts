import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { program } from '../../../stack/program.ts'
import { digestOf } from '../../images/digest.ts'
import { blobOf, imageOf, writeLayout } from '../../images/oci.ts'
import { machineOf } from '../../images/runtime.ts'
import { ordered, type Tree } from '../../images/tree.ts'
import type { Place } from '../place.ts'

/** An image that is made here in place of one that a registry would give. */
export type StandIn = {
  readonly name: string
  readonly tree: () => Promise<Tree>
  readonly run: Readonly<Record<string, unknown>>
}

/** By the system's own archiver: names of Keycloak's files are longer than ours may be. */
async function archiveOf(tree: Tree, folder: string): Promise<Uint8Array> {
  const [files, archive] = [join(folder, 'files'), join(folder, 'layer.tar')]
  for (const [name, node] of ordered(tree)) {
    const path = join(files, name)
    await mkdir(node.kind === 'folder' ? path : dirname(path), { recursive: true })
    if (node.kind === 'file') await writeFile(path, node.bytes)
    await chmod(path, node.mode)
  }
  await program(['tar', '-C', files, '--owner=0', '--group=0', '-cf', archive, '.'])
  const bytes = await readFile(archive)
  await rm(files, { recursive: true })
  await rm(archive)
  return bytes
}

/** Where a layout of the OCI lies; nothing is compressed, since nothing is sent anywhere. */
export async function makeStandIn(place: Place, { name, tree, run }: StandIn): Promise<string> {
  const folder = join(place.folder, 'stand-ins', digestOf(name).slice(-12))
  const tar = await archiveOf(await tree(), folder)
  const layer = {
    blob: blobOf('application/vnd.oci.image.layer.v1.tar', tar),
    diffId: digestOf(tar),
  }
  const { platform } = machineOf(process.platform, process.arch)
  const created = new Date(0).toISOString()
  const image = imageOf({ platform, created, labels: {}, run, layers: [layer] })
  const annotations = { 'io.containerd.image.name': name }
  const { descriptor } = image.manifest
  await writeLayout({
    folder: join(folder, 'layout'),
    blobs: image.blobs,
    manifests: [{ ...descriptor, platform: { os: 'linux', architecture: platform }, annotations }],
  })
  return join(folder, 'layout')
}
