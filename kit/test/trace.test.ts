import { afterEach, beforeEach, expect, test } from 'bun:test'
import { SpanStatusCode } from '@opentelemetry/api'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import { annotateSpan, injectTrace, span, traceId, withRemoteTrace } from '../trace.ts'
import { startTracing } from '../tracing.ts'

let exporter = new InMemorySpanExporter()
let tracing = startTracing({ service: 'users', exporter })
beforeEach(() => {
  exporter = new InMemorySpanExporter()
  tracing = startTracing({ service: 'users', exporter })
})
afterEach(() => tracing.stop())

const remote = 'a'.repeat(32)
const parent = 'b'.repeat(16)
const headersWith = (traceparent: string) => new Headers({ traceparent })

const carried = () => {
  const headers = new Headers()
  injectTrace(headers)
  return headers.get('traceparent')
}

test('spans nest across awaits and carry name, attributes and service', async () => {
  await span('outer', { coaches: 3 }, async () => {
    await Bun.sleep(1)
    await span('inner', {}, async () => annotateSpan({ cached: true }))
  })
  const [inner, outer] = exporter.getFinishedSpans()
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
  expect(outer).toMatchObject({ name: 'outer', attributes: { coaches: 3 } })
  expect(inner?.attributes).toEqual({ cached: true })
  expect(outer?.resource.attributes).toMatchObject({ 'service.name': 'users' })
})

test('[MP-70] a throw marks the span as failed and passes on as it was', async () => {
  const fault = new Error('lost')
  await expect(span('work', {}, () => Promise.reject(fault))).rejects.toBe(fault)
  await expect(span('work', {}, () => Promise.reject('text'))).rejects.toBe('text')
  const [first, second] = exporter.getFinishedSpans()
  expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'lost' })
  expect(first?.events[0]?.name).toBe('exception')
  expect(second?.status.message).toBe('text')
})

test('two hops are one trace: what is injected here continues there', async () => {
  const sent = await span('gateway', {}, async () => carried())
  await withRemoteTrace(headersWith(sent ?? ''), () => span('subgraph', {}, async () => {}))
  const [gateway, subgraph] = exporter.getFinishedSpans()
  expect(subgraph?.spanContext().traceId).toBe(gateway?.spanContext().traceId ?? '')
  expect(subgraph?.parentSpanContext?.spanId).toBe(gateway?.spanContext().spanId)
})

test('a trace that is already running in this process goes on from where it is', async () => {
  const [before, inside] = await span('outer', {}, async () => {
    const headers = headersWith(`00-${traceId()}-${parent}-01`)
    return [carried(), withRemoteTrace(headers, carried)]
  })
  expect(inside).toBe(before)
})

const malformed = [
  '',
  'hello',
  `ff-${remote}-${parent}-01`,
  `00-${'0'.repeat(32)}-${parent}-01`,
  `00-${remote}-${'0'.repeat(16)}-01`,
  `00-${remote.toUpperCase()}-${parent}-01`,
  `00-${remote}-${parent}`,
]
test.each(malformed)('the malformed traceparent "%s" starts a trace of our own', async (value) => {
  const id = await withRemoteTrace(headersWith(value), () =>
    span('work', {}, async () => traceId()),
  )
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(id).not.toBe(remote)
})

test('negative control: the well-formed one is continued, also in a later version with more fields', async () => {
  for (const value of [`00-${remote}-${parent}-01`, `01-${remote}-${parent}-01-extra`]) {
    const id = await withRemoteTrace(headersWith(value), () => span('w', {}, async () => traceId()))
    expect(id).toBe(remote)
  }
})

test('outside any span nothing is injected and there is no trace id', () => {
  expect(carried()).toBeNull()
  expect(traceId()).toBeNull()
})

test('with an endpoint the spans reach an OTLP collector before stop resolves', async () => {
  const received: string[] = []
  const collector = Bun.serve({
    port: 0,
    fetch: async (request) => {
      received.push(`${new URL(request.url).pathname} ${await request.text()}`)
      return Response.json({})
    },
  })
  const exporting = startTracing({ service: 'users', endpoint: collector.url.href })
  await span('sent', {}, async () => {})
  await exporting.stop()
  await collector.stop(true)
  expect(received.join()).toMatch(/^\/v1\/traces .*"name":"sent"/)
})

test('without exporter and endpoint ids still flow', async () => {
  const silent = startTracing({ service: 'users' })
  const ids = async () => [carried(), await span('inner', {}, async () => carried())]
  const [outer, inner] = await span('work', {}, ids)
  expect(outer).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  // Nobody would receive a second one.
  expect(inner).toBe(outer ?? '')
  await silent.stop()
})
