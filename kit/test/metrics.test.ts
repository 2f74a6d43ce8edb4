import { expect, test } from 'bun:test'
import { PortTakenError } from '../listen.ts'
import { createMetrics, serveMetrics } from '../metrics.ts'

test('[MP-67] requests and operations are counted under their labels and their service', async () => {
  const metrics = createMetrics('users')
  metrics.request({ route: '/graphql', method: 'POST', status: 200, seconds: 0.02 })
  metrics.operation({ operation: 'Coaches', outcome: 'ok', seconds: 0.01 })
  const text = await metrics.text()
  expect(text).toContain(
    'http_request_duration_seconds_count{service="users",route="/graphql",method="POST",status="200"} 1',
  )
  expect(text).toContain(
    'graphql_operation_duration_seconds_count{service="users",operation="Coaches",outcome="ok"} 1',
  )
  expect(text).toContain('process_resident_memory_bytes')
})

test('a method that a client made up does not become a new time series', async () => {
  const metrics = createMetrics('users')
  metrics.request({ route: 'other', method: 'BREW', status: 405, seconds: 0.001 })
  const text = await metrics.text()
  expect(text).toContain('method="OTHER"')
  expect(text).not.toContain('BREW')
})

test('a room adds its own gauge, counter and histogram', async () => {
  const metrics = createMetrics('users')
  metrics.gauge({ name: 'waiting', help: 'Waiting.', read: () => 7 })
  const open = new Map([['gone', 1]])
  metrics.gauges({ name: 'open', help: 'Open.', label: 'room', read: () => open })
  await metrics.text()
  open.clear()
  open.set('blue', 2)
  const count = metrics.counter({ name: 'holds_total', help: 'Holds.', labels: ['outcome'] })
  count({ outcome: 'taken' })
  count({ outcome: 'taken' }, 2)
  metrics.histogram({ name: 'query_seconds', help: 'Queries.' })(0.3)
  const text = await metrics.text()
  expect(text).toContain('waiting{service="users"} 7')
  expect(text).toContain('open{room="blue",service="users"} 2')
  expect(text).not.toContain('gone')
  expect(text).toContain('holds_total{outcome="taken",service="users"} 3')
  expect(text).toContain('query_seconds_sum{service="users"} 0.3')
})

test('two services in one process do not share a registry', async () => {
  const users = createMetrics('users')
  const bookings = createMetrics('bookings')
  users.request({ route: '/graphql', method: 'POST', status: 200, seconds: 1 })
  expect(await bookings.text()).not.toContain('http_request_duration_seconds_count')
})

test('the private port serves /metrics alone', async () => {
  const metrics = createMetrics('users')
  const served = serveMetrics({ metrics, port: 0, hostname: '127.0.0.1' })
  const response = await fetch(new URL('/metrics', served.url))
  expect(response.headers.get('content-type')).toStartWith('text/plain; version=0.0.4')
  expect(await response.text()).toContain('process_cpu_seconds_total')
  expect((await fetch(new URL('/graphql', served.url))).status).toBe(404)
  await served.stop()
})

test('a taken metrics port is told with its setting', async () => {
  const metrics = createMetrics('users')
  const first = serveMetrics({ metrics, port: 0, hostname: '127.0.0.1' })
  const again = () => serveMetrics({ metrics, port: Number(first.url.port), hostname: '127.0.0.1' })
  expect(again).toThrow(PortTakenError)
  expect(again).toThrow(`Port ${first.url.port} is taken; set METRICS_PORT to another one.`)
  await first.stop()
})
