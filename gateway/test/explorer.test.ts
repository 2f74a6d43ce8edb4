import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { createBrowser, edgeConfig, startEdge, type TestEdge } from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

const page = '<!doctype html><title>Explorer</title>'

let provider: TestProvider
let db: TestDatabase
let folder: string
let edge: TestEdge
let unbuilt: TestEdge

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'plexus-explorer-'))
  await mkdir(join(folder, 'explorer/assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Plexus</title>')
  await writeFile(join(folder, 'explorer/index.html'), page)
  await writeFile(join(folder, 'explorer/assets/main-3kx9w2ab.js'), 'export {}')
  await writeFile(join(folder, 'explorer/assets/json.worker-5mz0q1wd.js'), 'export {}')
  const web = { ...edgeConfig(provider.issuer).web, folder }
  const shared = { issuer: provider.issuer, sql: db.connect('gateway') }
  edge = await startEdge({ ...shared, config: { web } })
  unbuilt = await startEdge(shared)
})
afterAll(async () => {
  await edge.stop()
  await unbuilt.stop()
  await rm(folder, { recursive: true })
  await db.drop()
  provider.stop()
})

const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }

async function signedIn(role: string, { fetch } = edge) {
  provider.person.roles = [role]
  const browser = createBrowser(fetch)
  await browser.signIn()
  return browser
}

describe('the explorer', () => {
  test('opens for who may explore, under a policy of its own that loads nothing from elsewhere', async () => {
    const answer = await (await signedIn('admin')).send('/graphiql', { headers: navigation })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(page)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy.split('; ').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "worker-src 'self'",
    ])
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('is sent again only when it changed', async () => {
    const browser = await signedIn('admin')
    const tag = (await browser.send('/graphiql')).headers.get('etag') ?? ''
    const again = await browser.send('/graphiql', { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('no other page may write styles of its own', async () => {
    const answer = await (await signedIn('admin')).send('/', { headers: navigation })
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
  })

  test.each(['client', 'coach'])('is refused to a %s, in both languages', async (role) => {
    const browser = await signedIn(role)
    const answer = await browser.send('/graphiql', { headers: navigation })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const text = await answer.text()
    expect(text).toContain('réservée aux administrateurs')
    expect(text).toContain('for administrators')
    expect(text).not.toContain('Explorer</title>')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    // The page's one style is the one that its policy names.
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(text) ?? []
    const hash = new Bun.CryptoHasher('sha256').update(style).digest('base64')
    expect(policy).toContain(`style-src 'sha256-${hash}'`)
    expect(
      await (await browser.send('/graphiql', { headers: { 'if-none-match': '*' } })).status,
    ).toBe(403)
  })

  test('asks who is nobody to sign in, and signing in leads back to it', async () => {
    provider.person.roles = ['admin']
    const browser = createBrowser(edge.fetch)
    const answer = await browser.send('/graphiql', { headers: navigation })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/auth/login?returnTo=%2Fgraphiql')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const back = await browser.signIn('/graphiql')
    expect(back.headers.get('location')).toBe('/graphiql')
    expect((await browser.send('/graphiql')).status).toBe(200)
  })

  test('is at no other address, though what it loads is a file like any other', async () => {
    const browser = await signedIn('admin')
    const direct = await browser.send('/explorer/index.html', { headers: navigation })
    expect(direct.status).toBe(404)
    for (const file of ['main-3kx9w2ab.js', 'json.worker-5mz0q1wd.js']) {
      const asset = await createBrowser(edge.fetch).send(`/explorer/assets/${file}`)
      expect(asset.status).toBe(200)
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  test('may only be read', async () => {
    const answer = await (await signedIn('admin')).send('/graphiql', { method: 'POST' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('that was not built is not there', async () => {
    const browser = await signedIn('admin', unbuilt)
    expect((await browser.send('/graphiql')).status).toBe(404)
  })
})
