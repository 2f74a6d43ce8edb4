import { afterEach, describe, expect, test } from 'bun:test'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { annotate, currentRequestId, type RequestInfo, type Running, serve } from '../serve.ts'

type Line = Record<string, unknown>
type Handler = (request: Request, info: RequestInfo) => Promise<Response>
type Extra = Partial<Parameters<typeof serve>[0]>

const running: Running[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
})

async function start(fetch: Handler, extra: Extra = {}) {
  const lines: Line[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const metrics = createMetrics('test')
  const server = await serve({
    service: 'test',
    port: 0,
    portSetting: 'TEST_PORT',
    log: createLog({ service: 'test', level: 'debug', write }),
    metrics,
    fetch,
    ...extra,
  })
  running.push(server)
  const get = (path: string, init?: RequestInit) =>
    globalThis.fetch(new URL(path, server.url), init)
  const requests = () => lines.filter((line) => 'status_code' in line)
  return { server, lines, requests, metrics, get }
}

const hello: Handler = async () => new Response('hello')

/** A request that stays in flight until the test lets it go. */
const held = () => {
  const arrived = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const handler: Handler = async () => {
    arrived.resolve()
    await gate.promise
    return new Response('finished')
  }
  return { handler, arrived: arrived.promise, release: () => gate.resolve() }
}

describe('the request line', () => {
  test('tells what the handler annotated, and the path without its query', async () => {
    const { get, requests } = await start(async () => {
      annotate({ userId: 'person-1' })
      await Bun.sleep(1)
      annotate({ operation: 'Coaches', route: '/graphql' })
      return new Response('ok')
    })
    await get('/graphql?code=secret', { method: 'POST' })
    expect(requests()).toMatchObject([
      { user_id: 'person-1', operation: 'Coaches', endpoint: '/graphql', method: 'POST' },
    ])
    expect(JSON.stringify(requests())).not.toContain('secret')
  })

  test('of one request never takes what a concurrent one annotated', async () => {
    const { get, requests } = await start(async (request) => {
      const { pathname } = new URL(request.url)
      await Bun.sleep(pathname.length)
      annotate({ userId: pathname })
      return new Response(currentRequestId())
    })
    const paths = Array.from({ length: 20 }, (_, index) => `/${'x'.repeat(index % 5)}${index}`)
    await Promise.all(paths.map((path) => get(path)))
    expect(requests()).toHaveLength(20)
    for (const line of requests()) expect(line.user_id).toBe(line.endpoint)
  })

  test('outside a request there is nothing to annotate and no request id', () => {
    annotate({ userId: 'nobody' })
    expect(currentRequestId()).toBeNull()
  })
})

describe('the request id', () => {
  const echo: Handler = async (request, { requestId }) =>
    Response.json([requestId, request.headers.get('x-request-id'), currentRequestId()])

  test('of the caller is kept, sent on and answered', async () => {
    const { get } = await start(echo)
    const response = await get('/', { headers: { 'x-request-id': 'Order_66-a' } })
    expect(response.headers.get('x-request-id')).toBe('Order_66-a')
    expect(await response.json()).toEqual(['Order_66-a', 'Order_66-a', 'Order_66-a'])
  })

  test.each(['', 'a'.repeat(65), 'a b', '<script>', 'é'])('"%s" is replaced', async (given) => {
    const { get } = await start(echo)
    const response = await get('/', { headers: { 'x-request-id': given } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the client address', () => {
  const echo: Handler = async (_request, { clientAddress }) => new Response(clientAddress)
  const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.1' }

  test('is the peer when no proxy is trusted, whatever the header claims', async () => {
    const { get } = await start(echo)
    expect(await (await get('/', { headers })).text()).toBe('127.0.0.1')
  })

  test('is what the outermost trusted proxy saw', async () => {
    const { get } = await start(echo, { trustedProxies: 2 })
    expect(await (await get('/', { headers })).text()).toBe('203.0.113.9')
    expect(await (await get('/')).text()).toBe('127.0.0.1')
  })
})

describe('a thrown error', () => {
  test('of ours keeps its message and has the status of its code', async () => {
    const { get } = await start(() => Promise.reject(new AppError('NOT_FOUND', 'No such page.')))
    const response = await get('/', { headers: { 'x-request-id': 'r1' } })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      errors: [{ message: 'No such page.', extensions: { code: 'NOT_FOUND', requestId: 'r1' } }],
    })
  })

  test('of any other kind is masked, logged with its stack, and the server lives on', async () => {
    const { get, lines } = await start(() => {
      throw new Error('password=hunter2')
    })
    const response = await get('/', { headers: { 'x-request-id': 'r1' } })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Request r1 failed: Error: password=hunter2\n.*serve\.test\.ts/s),
    )
    expect((await get('/healthz')).status).toBe(200)
  })
})

test('a body past the limit is refused and never reaches the handler', async () => {
  let called = 0
  const { get } = await start(
    async (request) => {
      called += 1
      return new Response(await request.text())
    },
    { bodyBytesMax: 100 },
  )
  expect((await get('/', { method: 'POST', body: 'x'.repeat(101) })).status).toBe(413)
  expect(called).toBe(0)
  expect((await get('/', { method: 'POST', body: 'x'.repeat(100) })).status).toBe(200)
})

test('requests are measured by route and not by path', async () => {
  const { get, metrics } = await start(hello)
  await get('/coaches/1')
  await get('/coaches/2')
  const text = await metrics.text()
  expect(text).toContain('_count{service="test",route="other",method="GET",status="200"} 2')
  expect(text).not.toContain('/coaches')
})

test('[KG-29] probes are answered here and logged for debugging only', async () => {
  const { get, requests } = await start(hello, { checks: { postgres: async () => {} } })
  expect((await get('/healthz')).status).toBe(200)
  expect(await (await get('/readyz')).json()).toMatchObject({ checks: { postgres: 'ok' } })
  expect(requests().map(({ level }) => level)).toEqual(['debug', 'debug'])
})

test('a taken port is told in one sentence with its setting', async () => {
  const { server } = await start(hello)
  const again = start(hello, { port: Number(server.url.port) })
  await expect(again).rejects.toThrow(
    `Port ${server.url.port} is taken; set TEST_PORT to another one.`,
  )
})

describe('draining', () => {
  test('says not ready, finishes what is in flight, then closes the port', async () => {
    const { handler, arrived, release } = held()
    const { server, get } = await start(handler, { noticeMs: 200 })
    const inFlight = get('/work')
    await arrived
    const stopped = server.stop()
    expect((await get('/readyz')).status).toBe(503)
    release()
    expect(await (await inFlight).text()).toBe('finished')
    await stopped
    await expect(get('/readyz')).rejects.toThrow()
  })

  test('finishes what is in flight after the port has closed', async () => {
    const { handler, arrived, release } = held()
    const { server, get } = await start(handler)
    const inFlight = get('/work')
    await arrived
    const stopped = server.stop()
    await untilRefused(() => get('/healthz'))
    release()
    expect(await (await inFlight).text()).toBe('finished')
    await stopped
  })

  test('cuts off what does not finish by the deadline', async () => {
    const { handler, arrived } = held()
    const { server, get } = await start(handler, { drainMs: 20 })
    const inFlight = get('/work').then(
      () => 'answered',
      () => 'cut off',
    )
    await arrived
    await server.stop()
    expect(await inFlight).toBe('cut off')
  })

  test('twice is draining once', async () => {
    const { server, lines } = await start(hello)
    await Promise.all([server.stop(), server.stop()])
    expect(lines.filter(({ message }) => message === 'Stopped')).toHaveLength(1)
  })
})

async function untilRefused(attempt: () => Promise<Response>) {
  const deadline = Date.now() + 2_000
  while (Date.now() < deadline) {
    const refused = await attempt().then(
      () => false,
      () => true,
    )
    if (refused) return
    await Bun.sleep(5)
  }
  throw new Error('The port stayed open.')
}

describe('a process', () => {
  const spawn = (stop: string) => {
    const script = `
      import { createLog } from '${import.meta.dir}/../log.ts'
      import { createMetrics } from '${import.meta.dir}/../metrics.ts'
      import { serve, untilSignal } from '${import.meta.dir}/../serve.ts'
      const log = createLog({ service: 'child' })
      const fetch = async () => {
        console.log('arrived')
        await Bun.sleep(100)
        return new Response('finished')
      }
      const metrics = createMetrics('child')
      const server = await serve({ service: 'child', port: 0, portSetting: 'PORT', log, metrics, fetch })
      // Something that would keep the process alive for ever.
      setInterval(() => {}, 1_000)
      void untilSignal(${stop}, log)
      console.log(server.url.href)`
    return Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' })
  }

  /** Reads the child's output until `pattern` appears; returns its match. */
  async function reader(child: ReturnType<typeof spawn>) {
    const chunks = child.stdout.getReader()
    const decoder = new TextDecoder()
    let seen = ''
    return async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const match = pattern.exec(seen)
        if (match) return match[0]
        const { value, done } = await chunks.read()
        if (done) throw new Error(`The child ended without ${pattern}: ${seen}`)
        seen += decoder.decode(value)
      }
    }
  }

  test('ends with 0 on SIGTERM after answering what is in flight', async () => {
    const child = spawn('server.stop')
    const until = await reader(child)
    const url = await until(/^http:\S+/m)
    const inFlight = fetch(url)
    await until(/arrived/)
    child.kill('SIGTERM')
    expect(await (await inFlight).text()).toBe('finished')
    expect(await child.exited).toBe(0)
  })

  test('ends with 1 and says why when stopping fails', async () => {
    const child = spawn("() => Promise.reject(new Error('stuck'))")
    const until = await reader(child)
    await until(/^http:\S+/m)
    child.kill('SIGINT')
    expect(await until(/did not stop cleanly: Error: stuck/)).toBeString()
    expect(await child.exited).toBe(1)
  })

  test('ends at once on a second signal', async () => {
    const child = spawn('() => new Promise(() => {})')
    const until = await reader(child)
    await until(/^http:\S+/m)
    const again = setInterval(() => child.kill('SIGINT'), 20)
    expect(await child.exited).toBe(130)
    clearInterval(again)
  })
})
