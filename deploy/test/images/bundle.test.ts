import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bundle, bundleOf, copied } from '../../images/bundle.ts'
import { digestOf } from '../../images/digest.ts'
import { images } from '../../images/list.ts'
import { squeezed } from '../../images/squeeze.ts'
import { tarOf } from '../../images/tar.ts'
import { file } from '../../images/tree.ts'

const root = join(import.meta.dir, '../../..')
const elsewhere = await mkdtemp(join(tmpdir(), 'plexus-bundle-'))
afterAll(() => rm(elsewhere, { recursive: true }))

const digests = ({ app, packages, addons }: Bundle) =>
  [app, packages, addons].map((tree) => digestOf(tarOf(tree, 0)))

test('every subgraph has an image of its own, as have the gateway and the job that migrates', () => {
  expect(images.map(({ name }) => name)).toEqual([
    ...['gateway', 'users', 'bookings', 'billing', 'auth', 'migrate', 'plexus'],
  ])
})

/** A service that knows where it lies, with a package that does as well, and one that waits. */
async function smallService(place: string) {
  const root = join(elsewhere, place)
  const write = (path: string, text: string) => Bun.write(join(root, path), text)
  await write('node_modules/here/index.js', 'module.exports = __dirname')
  await write('node_modules/later/index.mjs', 'export const words = ["a", "b"]')
  await write('node_modules/later/package.json', '{ "main": "index.mjs" }')
  await write('app.ts', "import here from 'here'\nexport const place: string = here")
  await write(
    'main.ts',
    "import { place } from './app.ts'\nconsole.log(place, (await import('later')).words)",
  )
  return root
}

test('a service is the same bytes wherever it is built', async () => {
  const [one, other] = [await smallService('one'), await smallService('a-longer/other')]
  const built = await bundleOf('main.ts', one)
  expect(digests(await bundleOf('main.ts', other))).toEqual(digests(built))
  const main = built.app.get('app/bin/main.js')
  const text = main?.kind === 'file' ? new TextDecoder().decode(main.bytes) : ''
  expect(text).toContain('/app/node_modules/here')
  expect([...built.packages.keys()]).toHaveLength(1)
})

test('a service of ours is the same bytes twice', async () => {
  const entry = 'subgraphs/bookings/main.ts'
  expect(digests(await bundleOf(entry, root))).toEqual(digests(await bundleOf(entry, root)))
}, 20_000)

/** Read by two tests, and the largest of the subgraphs. */
const accounts = bundleOf('subgraphs/auth/main.ts', root)

test('what is built says nothing of the place where it was built', async () => {
  const { app, packages } = await accounts
  for (const [path, node] of [...app, ...packages])
    if (node.kind === 'file' && Buffer.from(node.bytes).includes(root)) throw new Error(path)
  expect(app.has('app/bin/main.js')).toBeTrue()
}, 20_000)

test('accounts bring their machine code, and word lists apart from our own code', async () => {
  const { app, packages, addons } = await accounts
  expect([...addons.keys()].join()).toMatch(/argon2\..+\.node$/)
  const bytes = (tree: Bundle['app']) =>
    [...tree.values()].reduce(
      (sum, node) => sum + (node.kind === 'file' ? node.bytes.length : 0),
      0,
    )
  expect(bytes(packages)).toBeGreaterThan(2_000_000)
  expect(bytes(app)).toBeLessThan(2_600_000)
}, 20_000)

test('the whole graph in one file follows the imports that are computed elsewhere', async () => {
  const { inputs } = await bundleOf('stack/one.ts', root)
  for (const name of ['users', 'bookings', 'billing', 'auth'])
    expect(inputs).toContain(`subgraphs/${name}/app.ts`)
}, 20_000)

test('everything that an image reads by a path exists, with each migration', async () => {
  for (const { name, files } of images) {
    const found = [...(await copied(files, root)).keys()]
    for (const path of files)
      expect(
        found.some((one) => one.startsWith(`app/${path}`)),
        `${name}: ${path}`,
      ).toBeTrue()
  }
  const migrate = images.find(({ name }) => name === 'migrate')
  const found = await copied(migrate?.files ?? [], root)
  expect(found.has('app/gateway/migrations/0001_login_attempt.sql')).toBeTrue()
})

test('scripts and styles lie in an image compressed, pages do not', async () => {
  const tree = new Map([
    ['app/dist/web/index.html', file('<html>')],
    ['app/dist/web/assets/main-1.js', file('console.log(1)'.repeat(99))],
  ])
  const names = [...(await squeezed(tree)).keys()]
  expect(names).toContain('app/dist/web/assets/main-1.js.br')
  expect(names).toContain('app/dist/web/assets/main-1.js.gz')
  expect(names).not.toContain('app/dist/web/index.html.br')
})
