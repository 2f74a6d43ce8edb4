import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import { startTracing } from '#kit/tracing'
import { shapes, type TestSystem, testSystem } from '../testing/system.ts'

describe.each(shapes)('the system %s', (shape) => {
  const exporter = new InMemorySpanExporter()
  let tracing: { stop(): Promise<void> }
  let system: TestSystem

  beforeAll(async () => {
    tracing = startTracing({ service: 'plexus', exporter })
    system = await testSystem({ shape })
  }, 60_000)
  afterAll(async () => {
    await system?.stop()
    await tracing.stop()
  })

  test('[MP-70] [BC-17] one trace leads from the caller through the gateway and a subgraph to SQL', async () => {
    const person = await system.person('Traced')
    exporter.reset()
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const cookie = [...person.cookies()].map(([name, value]) => `${name}=${value}`).join('; ')
    await fetch(`${system.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: system.origin,
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
        cookie,
      },
      body: JSON.stringify({ query: 'query Who { viewer { user { displayName } } }' }),
    })
    const spans = exporter
      .getFinishedSpans()
      .filter((span) => span.spanContext().traceId === traceId)
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]))
    const sql = spans.filter(({ name }) => name === 'postgres read').at(-1)
    const path: string[] = []
    for (let span = sql; span; span = byId.get(span.parentSpanContext?.spanId ?? '')) {
      path.unshift(span.name)
    }
    expect(path.at(0)).toBe('POST /graphql')
    expect(path.at(-1)).toBe('postgres read')
    expect(path).toContain('subgraph users')
  })

  test('[MP-66] every request leaves one line with exactly the promised keys, and the trace to follow', async () => {
    const person = await system.person('Logged')
    system.lines.length = 0
    await person.ask('query Named { viewer { id } }')
    const line = system.lines
      .map((text) => JSON.parse(text))
      .find(({ operation }) => operation === 'Named')
    expect(Object.keys(line).sort()).toEqual(
      [
        ...['timestamp', 'level', 'service', 'request_id', 'user_id', 'endpoint', 'method'],
        ...['status_code', 'duration_ms', 'message', 'trace_id', 'operation'],
      ].sort(),
    )
    expect(line).toMatchObject({ service: 'gateway', endpoint: '/graphql', status_code: 200 })
    expect(line.user_id).not.toBeNull()
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/)
  })
})
