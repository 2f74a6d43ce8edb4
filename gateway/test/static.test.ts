import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { errorResponse } from '#kit/errors'
import { createSite, type Site } from '../http/static.ts'
import { exchangeFor } from './edge-harness.ts'

const script = `export const words = ${JSON.stringify('coach '.repeat(500))}\n`
const page = '<!doctype html><title>Plexus</title>'
const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
let folder = ''
let site: Site

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'plexus-static-'))
  folder = join(parent, 'web')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(parent, 'secret.txt'), 'the secret')
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'robots.txt'), 'User-agent: *')
  await writeFile(join(folder, 'assets/index-3kx9w2ab.js'), script)
  await writeFile(join(folder, 'assets/photo-a1b2c3d4.png'), new Uint8Array(4_000))
  const editor = join(folder, 'assets/editor-5mz0q1wd.js')
  await writeFile(editor, script)
  await writeFile(`${editor}.br`, brotliCompressSync(`${script}//br`))
  await writeFile(`${editor}.gz`, gzipSync(`${script}//gz`))
  await symlink(join(parent, 'secret.txt'), join(folder, 'linked.txt'))
  site = createSite({ folder })
  await site.load()
})
afterAll(() => rm(join(folder, '..'), { recursive: true }))

/** As the first stage asks: what is thrown becomes an answer. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  site
    .files(exchangeFor(new Request(`https://plexus.test${path}`, { headers, method })))
    .catch((error: unknown) => errorResponse(error, 'r'))
const asset = '/assets/index-3kx9w2ab.js'

describe('an asset with a hash in its name', () => {
  test('[MP-57] [MP-84] may be kept for ever', async () => {
    const { headers } = await get(asset)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(headers.get('vary')).toBe('accept-encoding')
  })

  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
    ['GZIP', 'gzip', gunzipSync],
  ])(
    'asked for with %p comes as %p, smaller, and is the same',
    async (wanted, encoding, unpack) => {
      const answer = await get(asset, { 'accept-encoding': wanted })
      expect(answer.headers.get('content-encoding')).toBe(encoding)
      const bytes = await answer.bytes()
      expect(bytes.byteLength).toBeLessThan(script.length / 5)
      expect(Number(answer.headers.get('content-length'))).toBe(bytes.byteLength)
      expect(unpack(bytes).toString()).toBe(script)
    },
  )

  test.each(['', 'identity', 'zstd', 'br;q=0, gzip;q=0, *;q=0'])(
    'asked for with %p comes as it is',
    async (wanted) => {
      const answer = await get(asset, { 'accept-encoding': wanted })
      expect(answer.headers.has('content-encoding')).toBe(false)
      expect(await answer.text()).toBe(script)
    },
  )

  test('is not sent again to who has it, and each form has its own tag', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', ''].map(async (wanted) => {
        const headers = { 'accept-encoding': wanted }
        const tag = (await get(asset, headers)).headers.get('etag') ?? ''
        for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
          const again = await get(asset, { ...headers, 'if-none-match': known })
          expect([again.status, await again.text()]).toEqual([304, ''])
          expect(again.headers.get('etag')).toBe(tag)
          expect(again.headers.get('cache-control')).toContain('immutable')
        }
        expect((await get(asset, { ...headers, 'if-none-match': '"other"' })).status).toBe(200)
        return tag
      }),
    )
    expect(new Set(tags).size).toBe(3)
  })

  test('is described without its bytes to HEAD', async () => {
    const answer = await get(asset, {}, 'HEAD')
    expect(answer.headers.get('content-length')).toBe(String(script.length))
    expect(await answer.text()).toBe('')
  })

  test('that is a picture is not packed twice', async () => {
    const answer = await get('/assets/photo-a1b2c3d4.png', { 'accept-encoding': 'br' })
    expect(answer.headers.has('content-encoding')).toBe(false)
    expect(answer.headers.has('vary')).toBe(false)
    expect(answer.headers.get('content-type')).toBe('image/png')
  })

  test('that a build has packed is sent as it was packed', async () => {
    const path = '/assets/editor-5mz0q1wd.js'
    const packed = await (await get(path, { 'accept-encoding': 'br' })).bytes()
    expect(brotliDecompressSync(packed).toString()).toBe(`${script}//br`)
    const zipped = await (await get(path, { 'accept-encoding': 'gzip' })).bytes()
    expect(gunzipSync(zipped).toString()).toBe(`${script}//gz`)
    expect(await (await get(path)).text()).toBe(script)
    expect((await get(`${path}.br`)).status).toBe(404)
  })
})

describe('the page', () => {
  test.each(['/', '/coaches', '/coaches/VXNlcjox/slots', '/index.html'])(
    'answers %s and is always asked for again',
    async (path) => {
      const answer = await get(path, navigation)
      expect(await answer.text()).toBe(page)
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    },
  )

  test('does not answer for a file that is not there, nor to a script', async () => {
    expect((await get('/assets/gone-12345678.js', navigation)).status).toBe(404)
    expect((await get('/coaches', { accept: '*/*' })).status).toBe(404)
    expect((await get('/coaches', { ...navigation, 'sec-fetch-mode': 'cors' })).status).toBe(404)
  })

  test('changes when the folder is read again', async () => {
    await writeFile(join(folder, 'index.html'), `${page}<p>new`)
    expect(await (await get('/')).text()).toBe(page)
    await site.load()
    expect(await (await get('/')).text()).toBe(`${page}<p>new`)
    await writeFile(join(folder, 'index.html'), page)
    await site.load()
  })
})

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets//../../secret.txt',
  '//secret.txt',
  '/linked.txt',
  '/secret.txt%00.js',
  '/__proto__',
])('nothing outside the folder answers at %s', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain('the secret')
})

test('without a folder there is no page, and nothing breaks', async () => {
  const empty = createSite({ folder: '/nowhere' })
  await empty.load()
  const request = new Request('https://plexus.test/', { headers: navigation })
  expect(empty.files(exchangeFor(request))).rejects.toThrow('There is nothing at this address.')
})

describe('an address that the client has no page for', () => {
  const routes = ['/', '/coaches', '/coaches/$slug', '/bookings/$id/result']
  const known = ['/', '/coaches', '/coaches/ada-of-bern', '/coaches/ada/', '/bookings/a%2Fb/result']
  const unknown = ['/nothing', '/coaches/ada/nothing', '/bookings', '/coaches//', '/Coaches']

  const withRoutes = async (work: () => Promise<void>) => {
    await writeFile(join(folder, 'routes.json'), JSON.stringify(routes))
    await site.load()
    await work().finally(async () => {
      await rm(join(folder, 'routes.json'))
      await site.load()
    })
  }

  test('answers the same page, as not found, and lets nobody keep it', () =>
    withRoutes(async () => {
      for (const path of known)
        expect([path, (await get(path, navigation)).status]).toEqual([path, 200])
      const tag = (await get('/', navigation)).headers.get('etag') ?? ''
      for (const path of unknown) {
        const answer = await get(path, { ...navigation, 'if-none-match': tag })
        expect([path, answer.status, await answer.text()]).toEqual([path, 404, page])
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.has('etag')).toBe(false)
        expect(answer.headers.get('content-type')).toStartWith('text/html')
      }
      expect((await get('/routes.json')).status).toBe(404)
    }))

  test('is a page like any other as long as the build does not list its pages', async () => {
    expect((await get('/nothing', navigation)).status).toBe(200)
  })

  test('cannot be told from a list that is none: the gateway does not start with it', async () => {
    await writeFile(join(folder, 'routes.json'), '{"/": true}')
    await expect(site.load()).rejects.toThrow()
    await rm(join(folder, 'routes.json'))
  })
})
