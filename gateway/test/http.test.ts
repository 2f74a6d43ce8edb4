import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { AppError } from '#kit/errors'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { serve } from '#kit/serve'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import { startDeadline } from '../deadline.ts'
import type { Stage } from '../exchange.ts'
import { exchangeOf, inOrder } from '../exchange.ts'
import { http } from '../http/http.ts'
import { routesOf } from '../http/routes.ts'
import {
  createBrowser,
  edgeConfig,
  publicOrigin,
  startEdge,
  type TestEdge,
} from './edge-harness.ts'
import { startProvider, type TestProvider } from './provider.ts'

let provider: TestProvider
let db: TestDatabase
let edge: TestEdge
let failure: unknown = null
let reply: string | null = null
const lines: string[] = []

beforeAll(async () => {
  provider = await startProvider()
  db = await testDatabase()
  edge = await startEdge({
    issuer: provider.issuer,
    sql: db.connect('gateway'),
    lines,
    last: async ({ request }) => {
      if (failure) throw failure
      if (reply) return new Response(reply, { headers: { 'content-type': 'application/json' } })
      return Response.json({ length: (await request.arrayBuffer()).byteLength })
    },
  })
})
afterAll(async () => {
  await edge.stop()
  await db.drop()
  provider.stop()
})

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  edge.fetch(
    new Request(`${publicOrigin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  )

describe('a body', () => {
  test('of a mebibyte is read, one byte more is too much', async () => {
    expect(await (await post('x'.repeat(1_048_576))).json()).toEqual({ length: 1_048_576 })
    const answer = await post('x'.repeat(1_048_577))
    expect(answer.status).toBe(413)
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: 'The request body is larger than 1048576 bytes.',
          extensions: { code: 'BODY_TOO_LARGE', requestId: 'request-1' },
        },
      ],
    })
  })

  test('that announces no length is counted as it arrives', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    expect((await post(endless)).status).toBe(413)
    expect(sent).toBeLessThan(4 * 1_048_576)
  })

  test('that lies about its length is counted too', async () => {
    const answer = await post('x'.repeat(1_048_577), { 'content-length': '3' })
    expect(answer.status).toBe(413)
  })
})

describe('an address', () => {
  test.each([
    ['DELETE', '/graphql', 'GET, POST'],
    ['PUT', '/graphql', 'GET, POST'],
    ['HEAD', '/graphql', 'GET, POST'],
    ['POST', '/auth/login', 'GET'],
    ['GET', '/auth/logout', 'POST'],
    ['POST', '/config.json', 'GET, HEAD'],
    ['POST', '/anything', 'GET, HEAD'],
    ['OPTIONS', '/auth/session', 'GET'],
  ])('refuses %s %s and says what it takes', async (method, path, allow) => {
    const answer = await edge.fetch(new Request(`${publicOrigin}${path}`, { method }))
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allow)
  })

  test('that does not exist says so', async () => {
    const answer = await createBrowser(edge.fetch).send('/nothing.js')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })
})

describe('what leaves', () => {
  test('[MP-48] carries the request id and the headers that keep browsers strict', async () => {
    const { headers } = await post('{}')
    expect(headers.get('x-request-id')).toBe('request-1')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('strict-transport-security')).toStartWith('max-age=63072000')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
  })

  test('a known failure has its own code and status, an unknown one only the request id', async () => {
    failure = new AppError('RATE_LIMITED', 'Slow down.')
    expect((await post('{}')).status).toBe(429)
    failure = new Error('password=hunter2 in /srv/app.ts')
    const answer = await post('{}')
    failure = null
    expect(answer.status).toBe(500)
    const text = await answer.text()
    expect(text).not.toContain('hunter2')
    expect(text).toContain('request-1')
    expect(lines.join()).toContain('hunter2')
  })

  test('[BC-27] the runtime configuration is of the stage it runs in, though the build is one', async () => {
    const { provider: own } = edgeConfig(provider.issuer)
    const staging = await startEdge({
      ...{ issuer: provider.issuer, sql: db.connect('gateway') },
      config: {
        web: { folder: '/nowhere', productName: 'Plexus staging', defaultLocale: 'en' },
        provider: { ...own, label: 'Staging' },
      },
    })
    const told = await createBrowser(staging.fetch).send('/config.json')
    expect(await told.json()).toMatchObject({
      ...{ productName: 'Plexus staging', defaultLocale: 'en', provider: { label: 'Staging' } },
    })
    await staging.stop()
  })

  test('[BC-27] the runtime configuration is public, small and revalidated', async () => {
    const browser = createBrowser(edge.fetch)
    const answer = await browser.send('/config.json')
    expect(await answer.json()).toEqual({
      productName: 'Plexus',
      defaultLocale: 'fr',
      locales: ['fr', 'en'],
      provider: { label: 'Test' },
      features: {},
    })
    const tag = answer.headers.get('etag') ?? ''
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const again = await browser.send('/config.json', { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
    // It would replace the policy of the answer that the browser has stored.
    expect(again.headers.has('content-security-policy')).toBe(false)
    const head = await browser.send('/config.json', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

/** Posts a body byte by byte, never ending it; what came back until the line was closed. */
async function trickle(port: number): Promise<string> {
  const closed = Promise.withResolvers<string>()
  let told = ''
  const socket = await Bun.connect({
    ...{ hostname: '127.0.0.1', port },
    socket: {
      data: (_, bytes) => {
        told += bytes.toString()
      },
      close: () => closed.resolve(told),
    },
  })
  const head = ['POST /graphql HTTP/1.1', 'Host: plexus.test', 'X-Request-Id: slow-1']
  const about = ['Content-Type: application/json', 'Content-Length: 900']
  socket.write(`${[...head, ...about].join('\r\n')}\r\n\r\n`)
  const drip = setInterval(() => socket.write(' '), 40)
  const late = setTimeout(() => socket.end(), 2_000)
  return closed.promise.finally(() => {
    clearInterval(drip)
    clearTimeout(late)
  })
}

describe('an answer of the graph', () => {
  test.each(['text/html', 'image/png', 'application/json;charset=latin1'])(
    'is not made for a client that takes only %s',
    async (accept) => {
      failure = new Error('The graph was asked.')
      const answer = await post('{}', { accept })
      failure = null
      expect(answer.status).toBe(406)
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_REQUEST', requestId: 'request-1' } }],
      })
    },
  )

  test.each(['', '*/*', 'application/*', 'text/html, application/json; q=0.5', 'Application/JSON'])(
    'is made for a client that takes "%s"',
    async (accept) => {
      expect((await post('{}', { accept })).status).toBe(200)
    },
  )

  const padded = (length: number) => `{"x":"${'y'.repeat(length - 8)}"}`
  const ask = async (length: number, headers: Record<string, string> = {}) => {
    reply = padded(length)
    const answer = await post('{}', headers)
    reply = null
    return { headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
  }

  test('is compressed when it is long and the client takes gzip', async () => {
    const { headers, bytes } = await ask(50_000, { 'accept-encoding': 'br, gzip' })
    expect(headers.get('content-encoding')).toBe('gzip')
    expect(headers.get('vary')).toContain('accept-encoding')
    expect(headers.get('content-type')).toStartWith('application/json')
    expect(bytes.byteLength).toBeLessThan(1_000)
    expect(new TextDecoder().decode(Bun.gunzipSync(bytes))).toBe(padded(50_000))
  })

  test.each([
    [50_000, 'br'],
    [50_000, 'gzip;q=0'],
    [50_000, ''],
    [1_000, 'gzip'],
  ])('of %d bytes to a client that takes "%s" is left as it is', async (length, encoding) => {
    const { headers, bytes } = await ask(length, { 'accept-encoding': encoding })
    expect(headers.has('content-encoding')).toBe(false)
    expect(headers.get('vary')).toContain('accept-encoding')
    expect(bytes.byteLength).toBe(length)
  })
})

describe('time', () => {
  const log = createLog({ service: 'gateway', write: (line) => void lines.push(line) })
  const nothing = async () => new Response()
  const pages = { login: nothing, callback: nothing, logout: nothing, goodbye: nothing }
  const first = http({
    routes: routesOf({
      ...pages,
      session: nothing,
      providerLogout: nothing,
      config: nothing,
      metadata: nothing,
      explorer: nothing,
      tools: { check: nothing, door: nothing },
      files: nothing,
      forwards: new Map(),
      functions: new Map(),
    }),
    origins: { publicOrigin, allowedOrigins: [] },
    providerOrigin: 'https://id.test',
    bodyBytesMax: 1_000,
    log,
  })
  const never: Stage = () => new Promise(() => {})
  const run = (signal: AbortSignal, request = new Request(`${publicOrigin}/graphql`)) =>
    inOrder([first, never])(exchangeOf(request, { requestId: 'r', clientAddress: '' }, signal))

  test('runs out: a stage that never answers becomes a clear failure', async () => {
    const deadline = startDeadline(new AbortController().signal, 5)
    const answer = await run(deadline.signal)
    deadline.clear()
    expect(answer.status).toBe(504)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] })
  })

  test('runs out for a body that trickles in: the sender is told, and the line is closed', async () => {
    const server = await serve({
      ...{ service: 'gateway', port: 0, portSetting: 'PORT', log, metrics: createMetrics('test') },
      fetch: async (request, info) => {
        const deadline = startDeadline(request.signal, 60)
        const answer = await inOrder([first, never])(exchangeOf(request, info, deadline.signal))
        deadline.clear()
        return answer
      },
    })
    const told = await trickle(Number(server.url.port))
    await server.stop()
    expect(told).toStartWith('HTTP/1.1 408')
    expect(told.toLowerCase()).toContain('connection: close')
    expect(told).toMatch(/"code":"TIMEOUT","requestId":"slow-1"/)
  })

  test('is not wasted on a caller who has gone away, nor is that called an error', async () => {
    const caller = new AbortController()
    const request = new Request(`${publicOrigin}/graphql`, { signal: caller.signal })
    const deadline = startDeadline(request.signal, 60_000)
    const answer = run(deadline.signal, request)
    const before = lines.length
    caller.abort()
    expect((await answer).status).toBe(499)
    deadline.clear()
    expect(lines.length).toBe(before)
  })
})
