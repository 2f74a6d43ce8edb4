import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { images } from '../../images/list.ts'
import { componentOf, recordFrom } from '../../images/record.ts'
import { runSettings } from '../../images/settings.ts'

const deploy = join(import.meta.dir, '../..')
const text = (path: string) => Bun.file(join(deploy, path)).text()

test('the record names every image of the list, in its order', async () => {
  const { images: made } = recordFrom(await text('images.json'))
  expect(made.map(({ name }) => name)).toEqual(images.map(({ name }) => name))
})

test('a digest in the component is one that the record has', async () => {
  const record = recordFrom(await text('images.json'))
  expect(await text('k3s/components/images/kustomization.yaml')).toBe(componentOf(record))
})

test('all images begin with the same layer, which is in the limits, as are all together', async () => {
  const { images: made } = recordFrom(await text('images.json'))
  const runtimes = made.map(({ layers }) => layers[0])
  expect(new Set(runtimes.map((layer) => layer?.digest)).size).toBe(1)
  expect(runtimes[0]?.kind).toBe('runtime')
  expect(runtimes[0]?.bytes).toBeLessThanOrEqual(43_000_000)
  const layers = new Map(made.flatMap((one) => one.layers.map((row) => [row.digest, row.bytes])))
  const together = [...layers.values()].reduce((sum, bytes) => sum + bytes, 0)
  expect(together).toBeLessThanOrEqual(55_000_000)
})

test('the code of each service is at most 600 kB', async () => {
  const { images: made } = recordFrom(await text('images.json'))
  for (const { name, layers } of made.filter(({ name }) => name !== 'plexus'))
    for (const { kind, bytes } of layers)
      if (kind === 'app') expect(bytes, name).toBeLessThanOrEqual(600_000)
})

test('a record with a digest that is none is refused', async () => {
  const record = JSON.parse(await text('images.json'))
  record.images[0].digest = 'sha256:0123'
  expect(() => recordFrom(JSON.stringify(record))).toThrow()
})

/** What a Dockerfile says, instruction by instruction. */
const instructions = (dockerfile: string) =>
  dockerfile
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)] as const)

test('the Dockerfile for people starts from nothing, fetches nothing and says what the images say', async () => {
  const said = instructions(await text('Dockerfile'))
  const of = (name: string) => said.filter(([one]) => one === name).map(([, value]) => value)
  expect(of('FROM')).toEqual(['scratch'])
  expect(of('COPY')).toEqual(['runtime/ /', `$\{SERVICE}/ /`])
  expect(of('RUN').concat(of('ADD'))).toEqual([])
  expect(of('USER')).toEqual([runSettings.User])
  expect(of('WORKDIR')).toEqual([runSettings.WorkingDir])
  expect(of('ENV')).toEqual([runSettings.Env.join(' ')])
  expect(of('STOPSIGNAL')).toEqual([runSettings.StopSignal])
  expect(JSON.parse(of('ENTRYPOINT')[0] ?? '')).toEqual([...runSettings.Entrypoint])
})
