import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { named } from '../../images/command.ts'
import { digestOf } from '../../images/digest.ts'
import { blobOf, documentOf, imageOf, mediaTypes, writeLayout } from '../../images/oci.ts'
import { pinImageNames, pinTags } from '../../images/pin.ts'
import { pushAll } from '../../images/push.ts'
import type { ImageRecord } from '../../images/record.ts'
import { referenceFrom } from '../../images/reference.ts'
import { openRepository } from '../../images/registry.ts'
import { standInRegistry } from './registry-stand-in.ts'

const registry = standInRegistry({ password: 'right' })
const robot = { user: 'robot', password: 'right' }
let layout: string

beforeAll(async () => {
  layout = join(await mkdtemp(join(tmpdir(), 'plexus-registry-')), 'oci')
})
afterAll(async () => {
  registry.stop()
  await rm(layout, { recursive: true, force: true })
})

test('a name without a host is of the registry that everybody means', () => {
  expect(referenceFrom('traefik')).toEqual({
    origin: 'https://registry-1.docker.io',
    repository: 'library/traefik',
  })
  expect(referenceFrom('grafana/loki').repository).toBe('grafana/loki')
  expect(referenceFrom('ghcr.io/a/b/c')).toEqual({ origin: 'https://ghcr.io', repository: 'a/b/c' })
  expect(referenceFrom('localhost:5000/a').origin).toBe('http://localhost:5000')
})

const kustomization = (tag: string) => `# Not ours.
images:
  - name: there
    newName: ${registry.host}/some/image
    newTag: ${tag} # exactly this one
`

const pin = (tag: string) => pinTags(kustomization(tag), (name) => openRepository(name))

test('a tag gets the digest that its registry computes, and keeps its comments', async () => {
  registry.put('/v2/some/image/manifests/1.2.3', '{"schemaVersion":2}', mediaTypes.index)
  const { text, pinned, missing } = await pin('1.2.3')
  expect(text).toContain(`digest: ${digestOf('{"schemaVersion":2}')}`)
  expect(text).toContain('# exactly this one')
  expect(pinned).toEqual([`${registry.host}/some/image:1.2.3`])
  expect(missing).toEqual([])
  expect(await pinTags(text, (name) => openRepository(name))).toEqual({ text, pinned, missing })
})

test('a tag that its registry does not have stays a tag, and is named', async () => {
  const { text, missing } = await pin('9.9.9')
  expect(text).toBe(kustomization('9.9.9'))
  expect(missing).toEqual([`${registry.host}/some/image:9.9.9`])
})

const cluster = (tag: string) => `spec:
  imageName: ${registry.host}/postgresql:${tag}
  instances: 3
`

test('what a database cluster names keeps its tag, which its operator reads, and gets the digest', async () => {
  registry.put('/v2/postgresql/manifests/18.4', '{"schemaVersion":2}', mediaTypes.index)
  const open = (name: string) => openRepository(name)
  const first = await pinImageNames(cluster('18.4'), open)
  const digest = digestOf('{"schemaVersion":2}')
  expect(first.text).toBe(cluster(`18.4@${digest}`))
  expect(first.pinned).toEqual([`${registry.host}/postgresql:18.4`])
  expect(await pinImageNames(first.text, open)).toEqual(first)
  const missing = await pinImageNames(cluster('19.9'), open)
  expect(missing).toMatchObject({
    text: cluster('19.9'),
    missing: [`${registry.host}/postgresql:19.9`],
  })
})

test('every name of an image that no kustomization reaches is among those that are pinned', async () => {
  const glob = new Bun.Glob('**/*.yaml')
  const k3s = join(import.meta.dir, '../../k3s')
  const naming: string[] = []
  for (const path of glob.scanSync(k3s))
    if (/^\s*imageName:/m.test(await Bun.file(join(k3s, path)).text())) naming.push(path)
  expect(naming.sort()).toEqual(
    Object.keys(named)
      .filter((path) => !path.startsWith('components/'))
      .sort(),
  )
})

test('a registry that says another digest than its bytes have is not believed', async () => {
  const liar = Bun.serve({
    port: 0,
    fetch: () => new Response('{}', { headers: { 'docker-content-digest': digestOf('other') } }),
  })
  const repository = openRepository(`127.0.0.1:${liar.port}/a`)
  await expect(repository.digestOfTag('1')).rejects.toThrow('is not what its registry says')
  await liar.stop(true)
})

test('a registry that cannot be reached is named in a sentence', async () => {
  const away = openRepository('127.0.0.1:1/a').digestOfTag('1')
  await expect(away).rejects.toThrow('127.0.0.1:1 cannot be reached')
})

async function smallLayout() {
  const layer = blobOf(mediaTypes.layer, 'layer')
  const image = imageOf({
    ...{ platform: 'amd64', created: '1970-01-01T00:00:00.000Z', labels: {}, run: {} },
    layers: [{ blob: layer, diffId: digestOf('plain') }],
  })
  const document = documentOf(image.manifest.descriptor, blobOf(mediaTypes.sbom, '{"bom":1}'))
  await writeLayout({
    folder: layout,
    blobs: [...image.blobs, ...document.blobs],
    manifests: [image.manifest.descriptor, document.manifest.descriptor],
  })
  const { digest } = image.manifest.descriptor
  const reference = `${registry.host}/plexus-platform/small`
  const record: ImageRecord = {
    ...{ version: '1', architecture: 'amd64', created: '', bun: '', libc: '', certificates: '' },
    images: [{ name: 'small', reference, digest, sbom: digest, layers: [] }],
  }
  return { record, digest, document: document.manifest.descriptor.digest }
}

test('an image arrives under its digest and its tag, with its bill of materials, once', async () => {
  const { record, digest, document } = await smallLayout()
  const open = (name: string) => openRepository(name, robot)
  const push = () => pushAll({ layout, record, tag: 'main-7-abcdef0', open })
  expect(await push()).toEqual([`${registry.host}/plexus-platform/small@${digest}`])
  const manifests = '/v2/plexus-platform/small/manifests'
  expect(registry.stored.has(`${manifests}/${digest}`)).toBeTrue()
  expect(registry.stored.has(`${manifests}/main-7-abcdef0`)).toBeTrue()
  expect(registry.stored.has(`${manifests}/${document}`)).toBeTrue()
  const sent = registry.uploads.length
  await push()
  expect(registry.uploads).toHaveLength(sent)
})

test('whoever has no password, or a wrong one, pushes nothing', async () => {
  const { record } = await smallLayout()
  for (const credentials of [null, { user: 'robot', password: 'wrong' }]) {
    const other = record.images.map((row) => ({ ...row, reference: `${row.reference}-other` }))
    const open = (name: string) => openRepository(name, credentials)
    const pushed = pushAll({ layout, record: { ...record, images: other }, tag: 'x', open })
    await expect(pushed).rejects.toThrow('403')
  }
  expect([...registry.stored.keys()].join()).not.toContain('small-other')
})

test('a blob that was damaged on this disk is not sent', async () => {
  const { record, digest } = await smallLayout()
  await writeFile(join(layout, 'blobs/sha256', digest.slice(7)), '{}')
  const open = (name: string) => openRepository(name, robot)
  await expect(pushAll({ layout, record, tag: 'x', open })).rejects.toThrow('was damaged')
})
