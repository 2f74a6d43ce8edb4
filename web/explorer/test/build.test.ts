import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { buildSchema, parse, validate } from 'graphql'
import { locales } from '../../i18n/locale.ts'
import { buildExplorer, bundleExplorer, shared } from '../build.ts'
import { defaultTabs, examples } from '../examples.ts'

let folder: string
let sources: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexus-explorer-'))
  sources = await bundleExplorer(join(folder, 'fresh'))
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const assets = async () => {
  const names = await readdir(join(folder, 'fresh/assets'))
  return names.map((name) => join(folder, 'fresh/assets', name))
}

describe('the bundle of the explorer', () => {
  test('is made of its own folder and of the files that its cache is keyed by', () => {
    const own = sources.filter((path) => !/node_modules|^explorer\//.test(path))
    expect(own.length).toBeGreaterThan(3)
    for (const path of own) expect(shared as readonly string[]).toContain(path)
  })

  test('has a page without inline script, whose every address is there', async () => {
    const page = await Bun.file(join(folder, 'fresh/index.html')).text()
    expect(page).not.toMatch(/<script>|\son\w+=|https?:/)
    const named = [...page.matchAll(/"\/explorer\/(assets\/[^"]+)"/g)].map(([, path]) => path)
    expect(named.length).toBe(6)
    for (const path of named)
      expect(await Bun.file(join(folder, 'fresh', path ?? '')).exists()).toBe(true)
  })

  test('asks nothing of other hosts: its font is a file, and no address is fetched from a CDN', async () => {
    for (const path of (await assets()).filter((name) => name.endsWith('.css')))
      expect(await Bun.file(path).text()).not.toMatch(/url\(["']?(https?:|data:font)|@import/)
    for (const path of (await assets()).filter((name) => name.endsWith('.js')))
      expect(await Bun.file(path).text()).not.toMatch(/cdn\.|unpkg|esm\.sh\//)
  })

  test('lies beside its compressed forms, which are the same', async () => {
    const scripts = (await assets()).filter((name) => /\.(js|css|ttf)$/.test(name))
    expect(scripts.length).toBeGreaterThan(8)
    for (const path of scripts) {
      const plain = Buffer.from(await Bun.file(path).bytes())
      const br = brotliDecompressSync(await Bun.file(`${path}.br`).bytes())
      const gz = gunzipSync(await Bun.file(`${path}.gz`).bytes())
      expect(br.equals(plain) && gz.equals(plain)).toBe(true)
    }
  })

  test('is not built again while its sources are the same', async () => {
    await buildExplorer(join(folder, 'first'))
    const startedAt = performance.now()
    await buildExplorer(join(folder, 'second'))
    expect(performance.now() - startedAt).toBeLessThan(1_500)
    const page = async (name: string) => Bun.file(join(folder, name, 'index.html')).text()
    expect(await page('second')).toBe(await page('fresh'))
    expect((await stat(join(folder, 'second/assets'))).isDirectory()).toBe(true)
  })
})

describe('its examples', () => {
  test('are all valid for the graph', async () => {
    const schema = buildSchema(
      await Bun.file(join(import.meta.dir, '../../../schema/api.graphql')).text(),
    )
    for (const { query, variables } of examples) {
      expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([])
      expect(() => JSON.parse(variables ?? '{}')).not.toThrow()
    }
  })

  test('say what they ask, in the language of the reader', () => {
    for (const locale of locales)
      for (const [place, { query }] of defaultTabs(locale).entries())
        expect(query).toStartWith(`# ${examples[place]?.about[locale]}\n`)
  })
})
