import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/sdk/client/auth.js'
import { createBrowser, publicOrigin } from '../edge-harness.ts'
import { leaveOut } from '../leave-out.ts'
import { startWorld, type World } from './world.ts'

let it: World
let unguarded: World
beforeAll(async () => {
  it = await startWorld()
  unguarded = await startWorld({ without: leaveOut('http-own-page') })
}, 60_000)
afterAll(() => Promise.all([it?.stop(), unguarded?.stop()]))

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
const accept = 'application/json, text/event-stream'
const jsonHeaders = { accept, 'content-type': 'application/json' }

const post = (world: World, headers: Record<string, string> = {}, body: unknown = list) =>
  world.edge.fetch(
    new Request(`${publicOrigin}/mcp`, {
      ...{ method: 'POST', headers: { ...jsonHeaders, ...headers } },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
const bearer = async (world: World, client?: string) => ({
  authorization: `Bearer ${await world.tokenFor('bookings:read bookings:write', client)}`,
})

describe('whoever has no token', () => {
  test('is told where to ask for one, in the way that the official client reads', async () => {
    const refused = await post(it)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toStartWith('Bearer realm="plexus", ')
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused)
    const at = `${publicOrigin}/.well-known/oauth-protected-resource/mcp`
    expect(String(resourceMetadataUrl)).toBe(at)
    expect(scope).toBe('bookings:read bookings:write')
    const metadata = await discoverOAuthProtectedResourceMetadata(
      `${publicOrigin}/mcp`,
      { resourceMetadataUrl: at },
      (url, init) => it.edge.fetch(new Request(url, init)),
    )
    expect(metadata).toMatchObject({
      resource: `${publicOrigin}/mcp`,
      authorization_servers: [it.provider.issuer],
      bearer_methods_supported: ['header'],
    })
  })

  test('finds the same below the well-known path for each resource, and for no other', async () => {
    const get = (path: string) =>
      it.edge.fetch(new Request(`${publicOrigin}/.well-known/oauth-protected-resource${path}`))
    for (const path of ['', '/mcp', '/mcp/v1', '/api', '/graphql'])
      expect((await (await get(path)).json()).resource).toBe(`${publicOrigin}${path}`)
    for (const path of ['/', '/mcp/', '/evil', '/mcp/v1/x', '//evil.test'])
      expect((await get(path)).status).toBe(404)
  })

  test('is told the same when the token is no good, and why', async () => {
    const refused = await post(it, { authorization: 'Bearer a.b.c' })
    const challenge = refused.headers.get('www-authenticate')
    expect(refused.status).toBe(401)
    expect(challenge).toContain('error="invalid_token", resource_metadata="')
  })

  test('hears of no stream by GET, and of no session by DELETE', async () => {
    for (const method of ['GET', 'DELETE']) {
      const headers = { accept, ...(await bearer(it)) }
      const answer = await it.edge.fetch(new Request(`${publicOrigin}/mcp`, { method, headers }))
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })
})

describe('an attacker', () => {
  test('gets nothing with a session’s cookie, which opens the graph', async () => {
    const browser = createBrowser(it.edge.fetch)
    await browser.signIn()
    const body = JSON.stringify({ ...list, documentId: 'sha256:x' })
    const init = { method: 'POST', headers: { ...jsonHeaders, origin: publicOrigin }, body }
    expect((await browser.send('/mcp', init)).status).toBe(401)
    // Negative control: the graph knows who asks, and finds nothing of that id.
    expect((await browser.send('/graphql', init)).status).toBe(403)
    const both = { ...init, headers: { ...init.headers, ...(await bearer(it)) } }
    expect((await browser.send('/mcp', both)).status).toBe(400)
  })

  test.each(['https://evil.test', 'http://localhost:8080', 'null'])(
    'cannot make a browser call from a page of %p, nor by binding its name anew',
    async (origin) => {
      const headers = { ...(await bearer(it)), origin, 'sec-fetch-site': 'cross-site' }
      const refused = await post(it, headers)
      expect(refused.status).toBe(403)
      expect((await refused.json()).errors[0].extensions.code).toBe('CSRF')
      const passed = await post(unguarded, { ...headers, ...(await bearer(unguarded)) })
      expect(passed.status).toBe(200)
    },
  )

  test('cannot send a message as a form, or a longer one than others may', async () => {
    const form = { ...(await bearer(it)), 'content-type': 'text/plain' }
    expect((await post(it, form)).status).toBe(415)
    const long = JSON.stringify({ ...list, padding: 'x'.repeat(1_048_576) })
    expect((await post(it, await bearer(it), long)).status).toBe(413)
  })

  test('cannot put many calls into one request', async () => {
    const answer = await post(it, await bearer(it), [list, list])
    expect([answer.status, (await answer.json()).error.code]).toEqual([400, -32_600])
  })

  test.each([
    ['of pages', 'web_coaches'],
    ['of another program', 'others_coaches'],
    ['that is a stream', 'partner_ticks'],
    ['by the name of its document', 'PartnerStaff'],
    ['by what every object has', 'constructor'],
  ])('cannot call an operation %s', async (_, name) => {
    const call = { ...list, method: 'tools/call', params: { name, arguments: {} } }
    const { error } = await (await post(it, await bearer(it), call)).json()
    const message = `MCP error -32602: Unknown tool: ${name}`
    const data = { code: 'OPERATION_NOT_REGISTERED' }
    expect(error).toEqual({ code: -32_602, message, data })
  })

  test('negative control: the other program calls it', async () => {
    const call = { ...list, method: 'tools/call', params: { name: 'others_coaches' } }
    const { result } = await (await post(it, await bearer(it, 'rival'), call)).json()
    expect(result.structuredContent.coaches).toHaveLength(1)
  })

  test('cannot bring text of its own to the graph through arguments', async () => {
    for (const [text, isRefused] of [
      ['{"seen":"x","query":"{ staff }"}', true],
      ['{"seen":"x","documentId":"sha256:0"}', true],
      ['{"__proto__":{"seen":"polluted"}}', false],
    ] as const) {
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"partner_echo","arguments":${text}}}`
      const answer = await (await post(it, await bearer(it), body)).json()
      expect(JSON.stringify(answer)).not.toMatch(/of staff|polluted/)
      expect(answer.result.isError ?? false).toBe(isRefused)
    }
    expect(Object.hasOwn(Object.prototype, 'seen')).toBe(false)
  })
})
