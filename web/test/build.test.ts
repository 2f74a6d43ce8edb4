import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb, type WebBuild } from '../build.ts'
import { messagesDrift } from '../messages.ts'

let outdir: string
let web: WebBuild

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'plexus-web-'))
  web = await buildWeb({ outdir })
})
afterAll(() => rm(outdir, { recursive: true, force: true }))

describe('the bundle', () => {
  test('[MP-83] [MP-85] stays within its budgets, gzipped', () => {
    const { shell, pages, css } = web.sizes
    expect(shell).toBeLessThanOrEqual(130_000)
    expect(pages.coach).toBeLessThanOrEqual(150_000)
    expect(css).toBeLessThanOrEqual(20_000)
    for (const bytes of Object.values(pages)) expect(bytes - shell).toBeLessThanOrEqual(90_000)
  })

  test('[MP-85] has pictures only in kinds that are small by themselves', async () => {
    const pictures = []
    for await (const name of new Bun.Glob('**/*.{svg,avif,webp,png,jpg,jpeg,gif,bmp,ico}').scan({
      cwd: outdir,
    }))
      pictures.push(name)
    expect(pictures).not.toEqual([])
    for (const name of pictures) {
      expect(name).toMatch(/\.(svg|avif|webp)$/)
      expect(Bun.file(join(outdir, name)).size).toBeLessThanOrEqual(100_000)
    }
  })

  test('has a first page without inline script or style, with absolute addresses', async () => {
    const page = await Bun.file(join(outdir, 'index.html')).text()
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script>/)
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
    expect(addresses.length).toBeGreaterThanOrEqual(4)
    for (const address of addresses) {
      expect(address).toMatch(/^\//)
      expect(await Bun.file(join(outdir, address ?? '')).exists()).toBe(true)
    }
  })

  test('names every asset by its content', async () => {
    const assets = await Array.fromAsync(new Bun.Glob('assets/*').scan({ cwd: outdir }))
    expect(assets.length).toBeGreaterThan(5)
    for (const asset of assets) expect(asset).toMatch(/-[0-9a-z]{8}\.(js|css|json)$/)
  })

  test('asks nothing of other hosts', async () => {
    for await (const asset of new Bun.Glob('assets/*.{js,css}').scan({ cwd: outdir }))
      expect(await Bun.file(join(outdir, asset)).text()).not.toMatch(/fonts\.g|cdn\.|unpkg/)
  })
})

describe('documents', () => {
  test('are in the bundle as trees with their registered ids, never as text', async () => {
    const scripts = await Array.fromAsync(new Bun.Glob('assets/*.js').scan({ cwd: outdir }))
    const texts = await Promise.all(scripts.map((name) => Bun.file(join(outdir, name)).text()))
    const bundle = texts.join('\n')
    const registry = join(import.meta.dir, '../../schema/operations.json')
    const operations: { name: string; hash: string; client: string }[] =
      await Bun.file(registry).json()
    // What runs by `POST /f/<name>` alone is asked for by no page.
    const functions = join(import.meta.dir, '../../schema/functions')
    const files = await Array.fromAsync(new Bun.Glob('*.graphql').scan({ cwd: functions }))
    const byName = await Promise.all(
      files.map(async (file) => {
        const [, name] =
          /\b(?:query|mutation) (\w+)/.exec(await Bun.file(join(functions, file)).text()) ?? []
        return name
      }),
    )
    const missing = operations.filter(
      ({ name, hash, client }) =>
        client === 'web' && !byName.includes(name) && !bundle.includes(`sha256:${hash}`),
    )
    expect(missing.map(({ name }) => name)).toEqual([])
    expect(bundle).not.toMatch(/\b(query|mutation|fragment) \w+ ?(\(\$|on [A-Z])/)
  })
})

describe('generated files', () => {
  test('every message is there in both languages, and compiled', async () => {
    expect(await messagesDrift()).toEqual([])
  })
})
