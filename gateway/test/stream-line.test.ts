import { afterAll, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { serve } from '#kit/serve'
import { eventually } from './edge-harness.ts'
import { type EventReader, readEvents } from './event-reader.ts'
import { live } from './fake-subgraphs.ts'
import { type Harness, startHarness } from './harness.ts'

const servers: { stop(): Promise<void> }[] = []
const gateways: Harness[] = []
afterAll(async () => {
  for (const gateway of gateways) gateway.streams.drain()
  for (const server of servers) await server.stop()
})

/** A gateway behind a real port that drops a line which is quiet for two seconds. */
async function startServer(heartbeatMs: number): Promise<URL> {
  const gateway = startHarness({ heartbeatMs, way: 'http' })
  const server = await serve({
    ...{ service: 'gateway', port: 0, portSetting: 'PORT', idleTimeoutSeconds: 2 },
    log: createLog({ service: 'gateway', level: 'silent' }),
    metrics: createMetrics('test'),
    fetch: (request) => gateway.send(request),
  })
  gateways.push(gateway)
  servers.push(server)
  return server.url
}

const query = 'subscription ($topic: String!) { personChanged(topic: $topic) { number } }'

async function open(server: URL, topic: string, signal?: AbortSignal): Promise<EventReader> {
  const response = await fetch(new URL('/graphql', server), {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { topic } }),
    ...(signal && { signal }),
  })
  const events = readEvents(response)
  await eventually(() => live.open(topic) > 0)
  return events
}

/** What Bun does on its own: the twin whose streams nobody keeps open. */
function startUnkept(): URL {
  const gateway = startHarness({ heartbeatMs: 500, way: 'http' })
  const fetch = (request: Request) => gateway.send(request)
  const server = Bun.serve({ port: 0, idleTimeout: 2, fetch })
  gateways.push(gateway)
  servers.push(server)
  return server.url
}

test('a silent stream outlives the idle timeout of its line fivefold', async () => {
  const kept = await open(await startServer(500), 'kept')
  const cut = await open(startUnkept(), 'cut')
  await Bun.sleep(10_000)
  live.emit('kept', 1)
  expect(await kept.next()).toMatchObject({ data: { data: { personChanged: { number: 1 } } } })
  expect(kept.comments()).toBeGreaterThan(15)
  await kept.close()
  expect(cut.rest()).rejects.toThrow()
  expect(live.open('cut')).toBe(0)
}, 20_000)

test('a client whose line breaks leaves nothing open behind it', async () => {
  const server = await startServer(60_000)
  const clients = Array.from({ length: 20 }, () => new AbortController())
  await Promise.all(clients.map(({ signal }) => open(server, 'gone', signal)))
  expect(live.open('gone')).toBe(20)
  for (const client of clients) client.abort()
  await eventually(() => live.open('gone') === 0)
})

/** How many times what is sent down the line is answered, until the server closes it. */
async function answersUntilClosed({ port }: URL, request: string): Promise<number> {
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(request))
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([closed, Bun.sleep(8_000)])
  const isClosed = socket.closed
  socket.destroy()
  if (!isClosed) throw new Error('The line is still open.')
  return text.split('HTTP/1.1 200').length - 1
}

test('a line without an idle timeout ends with its stream: nobody can keep one for nothing', async () => {
  const server = await startServer(60_000)
  const get = (accept: string) =>
    `GET /graphql?query={hello} HTTP/1.1\r\nhost: localhost\r\naccept: ${accept}\r\n\r\n`
  const asEvent = get('text/event-stream')
  expect(await answersUntilClosed(server, asEvent)).toBe(1)
  expect(await answersUntilClosed(server, `${asEvent}GET /graphql HTTP/1.1\r\nhos`)).toBe(1)
  // The twin: a line that is quiet is closed by its timeout.
  expect(await answersUntilClosed(server, get('application/json'))).toBe(1)
}, 30_000)
