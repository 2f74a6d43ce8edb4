import { join } from 'node:path'
import { StartError } from '../../stack/start-error.ts'
import {
  type Built,
  build,
  createdOf,
  layoutFolder,
  partOf,
  type Workshop,
  webPart,
} from './build.ts'
import { type Ingredients, ingredientsHere, sbomOf } from './contents.ts'
import { writeFolders } from './folders.ts'
import { images, repository } from './list.ts'
import { type Blob, type Descriptor, documentOf, mediaTypes, writeLayout } from './oci.ts'
import { componentOf, recordOf } from './record.ts'
import { machineOf, runtimeTree } from './runtime.ts'

const root = join(import.meta.dir, '..', '..')

async function workshopHere(): Promise<Workshop> {
  const { version } = await Bun.file(join(root, 'package.json')).json()
  return {
    root,
    version,
    cacheDir: join(root, '.plexus', 'cache', 'images'),
    machine: machineOf(process.platform, process.arch),
    epochSeconds: 0,
  }
}

/** Bun of another version would be another runtime than the one that was tested. */
async function rightBun(): Promise<string> {
  const { devDependencies } = await Bun.file(join(root, 'package.json')).json()
  const wanted = devDependencies['bun-types']
  if (Bun.version !== wanted)
    throw new StartError(`Images are made with Bun ${wanted}, and this is ${Bun.version}.`)
  return process.execPath
}

async function buildWeb(): Promise<void> {
  const child = Bun.spawn([process.execPath, 'web/build.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if ((await child.exited) !== 0) throw new Error('The web client could not be built.')
}

/** Twice: by tag for people, and by digest, which is how a cluster asks for it. */
function namesOf({ source, image }: Built, { version, machine }: Workshop): Descriptor[] {
  const { descriptor } = image.manifest
  const name = `${repository}/${source.name}`
  const platform = { os: 'linux', architecture: machine.platform }
  return [
    {
      ...descriptor,
      platform,
      annotations: {
        'io.containerd.image.name': `${name}:${version}`,
        'org.opencontainers.image.ref.name': `${name}:${version}`,
      },
    },
    {
      ...descriptor,
      platform,
      annotations: { 'io.containerd.image.name': `${name}@${descriptor.digest}` },
    },
  ]
}

const size = (bytes: number) => `${(bytes / 1_000).toFixed(1).padStart(9)} kB`

function told({ source, parts, image }: Built): string {
  const own = parts.map(({ kind, layer }) => `${kind} ${size(layer.blob.descriptor.size).trim()}`)
  return `${source.name.padEnd(9)} ${image.manifest.descriptor.digest.slice(0, 19)}  ${own.join(', ')}`
}

/** The bill of materials of each goes beside it, for registries and for people. */
async function withSbom(built: Built, workshop: Workshop, ingredients: Ingredients) {
  const sbom = await sbomOf(built, { ...workshop, ingredients })
  const { manifest, blobs } = documentOf(built.image.manifest.descriptor, sbom)
  await Bun.write(join(root, 'dist/images/sbom', `${built.source.name}.cdx.json`), sbom.bytes)
  return { ...built, sbomDigest: sbom.descriptor.digest, document: { manifest, blobs } }
}

type Documented = Awaited<ReturnType<typeof withSbom>>

async function writeAll(built: readonly Documented[], workshop: Workshop): Promise<number> {
  const blobs = new Map<string, Blob>()
  for (const { image, document } of built)
    for (const blob of [...image.blobs, ...document.blobs]) blobs.set(blob.descriptor.digest, blob)
  await writeLayout({
    folder: layoutFolder(root),
    blobs: [...blobs.values()],
    manifests: [
      ...built.flatMap((one) => namesOf(one, workshop)),
      ...built.map(({ document }) => ({
        ...document.manifest.descriptor,
        artifactType: mediaTypes.sbom,
      })),
    ],
  })
  return [...blobs.values()].reduce((total, { descriptor }) => total + descriptor.size, 0)
}

/** Makes every image, the layout that holds them, the record of them and the component that names them. */
export async function main(): Promise<void> {
  const workshop = await workshopHere()
  const bun = await rightBun()
  await buildWeb()
  const ingredients = await ingredientsHere()
  const runtime = await partOf('runtime', await runtimeTree(workshop.machine, bun), workshop)
  const shared = { runtime, web: await webPart(workshop) }
  const built: Documented[] = []
  for (const source of images) {
    const one = await build(source, shared, workshop)
    built.push(await withSbom(one, workshop, ingredients))
    console.log(told(one))
  }
  const bytes = await writeAll(built, workshop)
  await writeFolders(join(root, 'dist/images/root'), runtime, built)
  const record = recordOf({
    ...{ version: workshop.version, ingredients, built },
    architecture: workshop.machine.platform,
    created: createdOf(workshop),
  })
  await Bun.write(join(root, 'deploy/images.json'), `${JSON.stringify(record, null, 2)}\n`)
  await Bun.write(
    join(root, 'deploy/k3s/components/images/kustomization.yaml'),
    componentOf(record),
  )
  console.log(`${'together'.padEnd(9)} ${size(bytes).trim()}`)
}
