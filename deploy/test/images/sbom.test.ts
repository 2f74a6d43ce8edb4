import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { bundleOf } from '../../images/bundle.ts'
import { partsOf } from '../../images/contents.ts'
import { closure, found, lockFrom, packagesOf } from '../../images/lockfile.ts'
import { machineOf } from '../../images/runtime.ts'
import { bomOf } from '../../images/sbom.ts'

const root = join(import.meta.dir, '../../..')

const lock = lockFrom(`{
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2.0.0" } }, "sha512-AAAA"],
    "b": ["b@3.0.0", "", {}, "sha512-BBBB"],
    "a/b": ["b@2.0.0", "", {}, "sha512-CCCC"],
    "@s/c": ["@s/c@1.0.0", "", { "dependencies": { "b": "^3.0.0" } }, "sha512-DDDD"],
  },
  "patchedDependencies": { "b@3.0.0": "patches/b.patch" },
}`)

test('a package finds what it has for itself before what all share', () => {
  expect(found(lock, 'a', 'b')?.version).toBe('2.0.0')
  expect(found(lock, '@s/c', 'b')?.version).toBe('3.0.0')
  expect(closure(lock, ['a']).map(({ place }) => place)).toEqual(['a', 'a/b'])
})

test('a bundle is made of the packages whose files went into it', () => {
  const inputs = ['node_modules/a/x.js', 'node_modules/a/node_modules/b/y.js', 'kit/log.ts']
  expect(packagesOf(lock, inputs).map(({ version }) => version)).toEqual(['1.0.0', '2.0.0'])
})

const bom = (places: readonly string[]) =>
  bomOf({
    image: { name: 'small', version: '1' },
    parts: [{ name: 'bun', version: '1', purl: 'pkg:github/oven-sh/bun@1', license: 'MIT' }],
    components: places.flatMap((place) => {
      const one = lock.get(place)
      return one ? [{ package: one, license: 'MIT', isBundled: true }] : []
    }),
  })

test('a bill of materials is the same in whatever order packages were found, and twice named is once', () => {
  expect(bom(['a', 'b', '@s/c'])).toEqual(bom(['@s/c', 'a', 'b', 'a']))
  const [, first] = bom(['@s/c']).components
  expect(first).toMatchObject({ purl: 'pkg:npm/%40s/c@1.0.0', hashes: [{ content: '0c30c3' }] })
})

test('what an addon brings beside the runtime is named where there is an addon, and nowhere else', () => {
  const ingredients = { bun: '1', libc: '2', certificates: '3', libgcc: '4' }
  const machine = machineOf('linux', 'x64')
  const names = (hasAddon: boolean) =>
    partsOf(ingredients, machine, hasAddon).map(({ name }) => name)
  expect(names(false)).toEqual(['bun', 'libc6', 'ca-certificates'])
  expect(names(true)).toEqual(['bun', 'libc6', 'ca-certificates', 'libgcc-s1'])
})

test('what was patched here says so', () => {
  const patched = bom(['b', 'a']).components.filter((one) => 'pedigree' in one)
  expect(patched.map(({ name }) => name)).toEqual(['b'])
})

test('the bill of a subgraph names its driver and none of our tools', async () => {
  const real = lockFrom(await Bun.file(join(root, 'bun.lock')).text())
  const { inputs } = await bundleOf('subgraphs/bookings/main.ts', root)
  const names = packagesOf(real, inputs).map(({ name }) => name)
  expect(names).toContain('postgres')
  const { devDependencies } = await Bun.file(join(root, 'package.json')).json()
  expect(names.filter((name) => name in devDependencies)).toEqual([])
}, 20_000)
