import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { violationsOn } from '../../../stack/testing/axe.ts'
import { browserMissing, withPage } from '../../../stack/testing/browser.ts'
import { startWorld, type World } from './world.ts'

const missing = browserMissing(process.env.CI === 'true')

let world: World
let server: Bun.Server<undefined>
beforeAll(async () => {
  world = await startWorld()
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url, headers }) => {
      const { pathname, search } = new URL(url)
      return world.send(pathname + search, { headers: Object.fromEntries(headers) })
    },
  })
})
afterAll(async () => {
  await server.stop(true)
  await world.stop()
})

const at = (options: Partial<Parameters<typeof withPage>[0]>) => ({
  baseURL: `http://127.0.0.1:${server.port}`,
  ...options,
})

const timeoutMs = 60_000
const contrast = ['color-contrast']

const isTooWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

describe.skipIf(missing !== null)('the page at /api', () => {
  test(
    'has nothing that axe finds, and nothing too wide, on a phone, a screen, by day and by night',
    async () => {
      await withPage(at({ width: 360, height: 800 }), async (page) => {
        await page.goto('/api')
        for (const details of await page.locator('summary').all()) await details.click()
        expect(await violationsOn(page)).toEqual([])
        expect(await isTooWide(page)).toBe(false)
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await violationsOn(page, contrast)).toEqual([])
        await page.setViewportSize({ width: 1_280, height: 900 })
        expect(await violationsOn(page)).toEqual([])
        expect(await isTooWide(page)).toBe(false)
      })
    },
    timeoutMs,
  )

  test(
    'loads nothing from elsewhere, and breaks no policy of its own',
    async () => {
      await withPage(at({}), async (page, context) => {
        const [asked, said]: [string[], string[]] = [[], []]
        page.on('request', (request) => void asked.push(new URL(request.url()).origin))
        page.on('console', (message) => void said.push(message.text()))
        await context.grantPermissions(['clipboard-read', 'clipboard-write'])
        const answer = await page.goto('/api')
        const policy = answer?.headers()['content-security-policy'] ?? ''
        expect(policy).toStartWith("default-src 'none'; style-src 'sha256-")
        expect(policy).not.toContain('unsafe')
        const call = page.getByRole('region', { name: 'CoachesV2' })
        await call.getByRole('button', { name: 'Copier' }).click()
        await call.getByRole('button', { name: 'Copié' }).waitFor()
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
          "curl 'https://plexus.test/api/v2/coaches'",
        )
        expect([...new Set(asked)]).toEqual([`http://127.0.0.1:${server.port}`])
        expect(said.filter((line) => line.includes('Content Security Policy'))).toEqual([])
      })
    },
    timeoutMs,
  )
})

test.each([
  ['fr-FR,fr;q=0.9,en;q=0.8', 'fr', 'Opérations'],
  ['en-GB,en;q=0.9', 'en', 'Operations'],
  ['fr;q=0.1,en', 'en', 'Operations'],
  ['de-DE', 'fr', 'Opérations'],
])('the page for a browser that wants %s is in %s', async (wanted, language, title) => {
  const page = await world.send('/api', { headers: { 'accept-language': wanted } })
  expect(page.headers.get('content-language')).toBe(language)
  expect(page.headers.get('vary')).toContain('accept-language')
  const text = await page.text()
  expect(text).toContain(`<html lang="${language}">`)
  expect(text).toContain(`>${title}</h2>`)
})

describe('a call on the page', () => {
  const calls = async (headers: Record<string, string>) => {
    const text = await (await world.send('/api/v1', { headers })).text()
    return [...text.matchAll(/<pre><code>(curl.*?)<\/code>/gs)].map(([, call = '']) =>
      call.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('\\\n', ''),
    )
  }

  test('says how to prove who asks, and nothing to nobody', async () => {
    const open = await calls({})
    expect(open.join()).not.toContain('authorization')
    const own = await calls(await world.bearer('bookings:read'))
    expect(own).toHaveLength(2)
    for (const call of own) expect(call).toContain('-H "authorization: Bearer $TOKEN"')
  })

  test('runs as it stands', async () => {
    const door = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url)
        const body = request.method === 'POST' ? await request.text() : null
        const headers = Object.fromEntries(request.headers)
        return world.send(pathname + search, { method: request.method, headers, body })
      },
    })
    try {
      for (const call of await calls({})) {
        const here = call.replaceAll('https://plexus.test', `http://127.0.0.1:${door.port}`)
        const silent = here.replace(/^curl/, "curl -s -o /dev/null -w '%{http_code}'")
        const child = Bun.spawn(['sh', '-c', silent.replace('$(uuidgen)', 'one')], {
          stdout: 'pipe',
        })
        const status = await new Response(child.stdout).text()
        if (!call.includes('/broken')) expect([call, status]).toEqual([call, '200'])
      }
    } finally {
      await door.stop(true)
    }
  })
})
