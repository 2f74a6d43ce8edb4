import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../../stack/start-error.ts'
import { compressed } from '../../images/compress.ts'
import { digestOf } from '../../images/digest.ts'
import { blobOf, imageOf, mediaTypes, writeLayout } from '../../images/oci.ts'
import { libraryFile, machineOf } from '../../images/runtime.ts'
import { tarOf } from '../../images/tar.ts'
import { file, folder, type Node } from '../../images/tree.ts'
import { readImage, unpack } from '../../images/unpack.ts'

const place = await mkdtemp(join(tmpdir(), 'plexus-layers-'))
afterAll(() => rm(place, { recursive: true }))

const rows: [string, Node][] = [
  ['usr/local/bin/bun', file('program', 0o755)],
  ['etc/passwd', file('plexus:x:65532:')],
  ['tmp', folder(0o1777)],
  [`app/${'deep/'.repeat(20)}file.js`, file('far below')],
]

const tar = (entries: readonly [string, Node][], epochSeconds = 0) =>
  tarOf(new Map(entries), epochSeconds)

test('a layer is the same bytes in whatever order its files are found', () => {
  expect(digestOf(tar(rows.toReversed()))).toBe(digestOf(tar(rows)))
})

test('another byte, mode, name or time is another layer', () => {
  const [first, ...rest] = rows
  if (!first) throw new Error('There is no first row.')
  const [path] = first
  const others = [
    tar([[path, file('programs', 0o755)], ...rest]),
    tar([[path, file('program', 0o700)], ...rest]),
    tar([[`${path}2`, first[1]], ...rest]),
    tar(rows, 1),
  ]
  const digests = [tar(rows), ...others].map(digestOf)
  expect(new Set(digests).size).toBe(digests.length)
})

test('a machine that has no such libraries is told so in a sentence', async () => {
  const strange = { triple: 'none-linux-musl', loader: 'lib/none', platform: 'amd64' }
  await expect(libraryFile(strange, 'libc.so.6')).rejects.toThrow(StartError)
  expect(() => machineOf('darwin', 'arm64')).toThrow(StartError)
})

test('a name that an archive cannot hold is refused, and so is one it would change', () => {
  expect(() => tar([['x'.repeat(101), file('')]])).toThrow('too long')
  expect(() => tar([['é.js', file('')]])).toThrow('letters')
})

test('what is kept of a compression is not believed when it was damaged', async () => {
  const cacheDir = join(place, 'cache')
  const bytes = await compressed(tar(rows), { cacheDir })
  const kept = join(cacheDir, `${digestOf(tar(rows)).replace(':', '-')}.19.zst`)
  await writeFile(kept, await Bun.zstdCompress('something else'))
  expect(await compressed(tar(rows), { cacheDir })).toEqual(bytes)
  expect(await Bun.zstdDecompress(bytes)).toEqual(Buffer.from(tar(rows)))
})

async function layout(name: string) {
  const cacheDir = join(place, 'cache')
  const blob = blobOf(mediaTypes.layer, await compressed(tar(rows), { cacheDir }))
  const image = imageOf({
    platform: 'amd64',
    created: '1970-01-01T00:00:00.000Z',
    labels: { 'org.opencontainers.image.title': 'small' },
    run: { User: '65532:65532', WorkingDir: '/app', Env: [], Entrypoint: ['/usr/local/bin/bun'] },
    layers: [{ blob, diffId: digestOf(tar(rows)) }],
  })
  const annotations = { 'org.opencontainers.image.ref.name': 'ghcr.io/plexus-platform/small:1' }
  const manifests = [{ ...image.manifest.descriptor, annotations }]
  await writeLayout({ folder: join(place, name), blobs: image.blobs, manifests })
  return join(place, name)
}

test('a whole image has the same digest on two runs', async () => {
  const [one, other] = [await layout('one'), await layout('other')]
  expect(await readFile(join(one, 'index.json'))).toEqual(await readFile(join(other, 'index.json')))
})

test('every blob of a layout is what its name says', async () => {
  const folder = join(await layout('named'), 'blobs/sha256')
  const names = await Array.fromAsync(new Bun.Glob('*').scan({ cwd: folder }))
  expect(names).toHaveLength(3)
  for (const name of names)
    expect(digestOf(await readFile(join(folder, name)))).toBe(`sha256:${name}`)
})

test('an image unpacks to what was put in, with its modes', async () => {
  const from = await layout('unpacked')
  const image = await readImage(from, 'small')
  const root = join(place, 'root')
  await unpack({ layout: from, image, folder: root }, join(place, 'shared'))
  expect(await readFile(join(root, 'usr/local/bin/bun'), 'utf8')).toBe('program')
  expect((await stat(join(root, 'usr/local/bin/bun'))).mode & 0o7777).toBe(0o755)
  expect((await stat(join(root, 'tmp'))).mode & 0o7777).toBe(0o1777)
  expect(await readFile(join(root, 'app', 'deep/'.repeat(20), 'file.js'), 'utf8')).toBe('far below')
})
