import { afterAll, beforeAll, expect, test } from 'bun:test'
import { stackConfigFrom } from '../config.ts'
import { mergedMetrics } from '../metrics-text.ts'
import { newSecrets } from '../secrets.ts'
import { startSystem } from '../system.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testEnvironments } from '../testing/system.ts'
import { stackEnvironments } from '../up/environments.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.drop())

/** Starts the system with these changes to every service's environment; `use` gets its log lines. */
async function withSystem(
  changes: Record<string, string>,
  use: (seen: { lines: string[]; metricsPort: number; origin: string }) => Promise<void>,
) {
  const { environments, ports } = await testEnvironments(db)
  for (const environment of Object.values(environments)) Object.assign(environment, changes)
  const lines: string[] = []
  const now = () => new Date()
  const system = await startSystem({ environments, now, write: (line) => void lines.push(line) })
  try {
    await use({ lines, metricsPort: ports.metrics, origin: system.origin })
  } finally {
    await system.stop()
  }
}

test('[MP-67] one scrape has the metrics of every service, each described once, the process once', () =>
  withSystem({}, async ({ metricsPort }) => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    const types = text.split('\n').filter((line) => line.startsWith('# TYPE '))
    expect(new Set(types).size).toBe(types.length)
    expect(types).toContain('# TYPE sign_in_attempts_total counter')
    expect(types).toContain('# TYPE http_request_duration_seconds histogram')
    expect(text.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(1)
    expect(text).toMatch(/^process_resident_memory_bytes\{service="gateway"\}/m)
  }))

/** Lines that are not of the Prometheus text format 0.0.4, or of a metric that was not announced. */
function formatFaults(text: string): string[] {
  const sample = /^([a-zA-Z_:][\w:]*)(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)$/
  const announced = new Map<string, string>()
  return text.split('\n').filter((line) => {
    const [, name = '', type = ''] =
      /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? []
    if (name) announced.set(name, type)
    if (line === '' || name || /^# HELP \S+ .+$/.test(line)) return false
    const [, metric = '', value = ''] = sample.exec(line) ?? []
    const family = metric.replace(/_(bucket|sum|count)$/, '')
    const isKnown = announced.has(metric) || announced.has(family)
    return !isKnown || !(/^[+-]Inf$|^NaN$/.test(value) || Number.isFinite(Number(value)))
  })
}

test(
  '[BC-40] Prometheus reads the interface, the static files and the database in one scrape',
  () =>
    withSystem({}, async ({ metricsPort, origin }) => {
      await fetch(`${origin}/robots.txt`)
      await fetch(`${origin}/graphql`, { method: 'POST', body: '{}' })
      const scrape = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
      expect(scrape.headers.get('content-type')).toStartWith('text/plain; version=0.0.4')
      const text = await scrape.text()
      expect(formatFaults(text)).toEqual([])
      for (const route of ['/graphql', 'files'])
        expect(text).toContain(`service="gateway",route="${route}"`)
      for (const service of ['users', 'bookings', 'billing', 'auth'])
        expect(text).toMatch(new RegExp(`^storage_bytes\\{service="${service}"\\} [1-9]`, 'm'))
      expect(
        formatFaults(`${text}\nno_type 1\nstorage_bytes{a=b} 1\nstorage_bytes one`),
      ).toHaveLength(3)
    }),
  60_000,
)

test('samples of one metric stand together, whichever service they come from', () => {
  const of = (service: string) =>
    `# HELP a_total A.\n# TYPE a_total counter\na_total{service="${service}"} 1\n\n# TYPE b gauge\nb{service="${service}"} 2\n`
  expect(mergedMetrics([of('one'), of('two')])).toBe(
    [
      ...['# HELP a_total A.', '# TYPE a_total counter'],
      ...['a_total{service="one"} 1', 'a_total{service="two"} 1', ''],
      ...['# TYPE b gauge', 'b{service="one"} 2', 'b{service="two"} 2', ''],
    ].join('\n'),
  )
})

test('the log level reaches every service', async () => {
  await withSystem({ LOG_LEVEL: 'info' }, async ({ lines }) => {
    expect(lines.join('')).toContain('Listening on')
  })
  await withSystem({ LOG_LEVEL: 'error' }, async ({ lines }) => expect(lines).toEqual([]))
})

test('a taken metrics port is told with the setting of the stack', async () => {
  const { environments, ports } = await testEnvironments(db)
  const other = Bun.serve({
    port: ports.metrics,
    hostname: '127.0.0.1',
    fetch: () => new Response(),
  })
  const start = startSystem({ environments, now: () => new Date(), write: () => {} })
  await expect(start).rejects.toThrow(
    `Port ${ports.metrics} is taken; set METRICS_PORT to another one.`,
  )
  await other.stop(true)
})

test('collector and cookie prefix go on to the services, and only when they are set', async () => {
  const secrets = await newSecrets()
  const told = (env: Record<string, string>) =>
    stackEnvironments({
      config: stackConfigFrom(env),
      databaseUrl: (service) => `postgres://svc_${service}@localhost/plexus`,
      ...{ secrets, watch: false },
    })
  const collector = 'http://127.0.0.1:4318'
  const set = told({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, COOKIE_PREFIX: 'none' })
  for (const { OTEL_EXPORTER_OTLP_ENDPOINT } of Object.values(set)) {
    expect(OTEL_EXPORTER_OTLP_ENDPOINT).toBe(collector)
  }
  expect(set.gateway.COOKIE_PREFIX).toBe('none')
  expect(set.users.COOKIE_PREFIX).toBeUndefined()
  expect(told({}).gateway).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT')
  expect(told({}).gateway).not.toHaveProperty('COOKIE_PREFIX')
  expect(() => stackConfigFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).toThrow(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  )
})
