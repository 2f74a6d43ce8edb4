import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type TestSystem, testSystem } from '../../stack/testing/system.ts'
import { alertRules, stackFolder } from './alert-rules.ts'
import { exporters } from './exporters.ts'
import { metricsOf } from './promql.ts'

const Board = z.object({
  uid: z.string(),
  title: z.string(),
  editable: z.literal(false),
  panels: z.array(
    z.object({
      title: z.string(),
      datasource: z.object({ uid: z.string() }),
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
})

const folder = join(stackFolder, 'grafana/dashboards')
const boards = readdirSync(folder).map((name) =>
  Board.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
)
const queries = [
  ...boards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({ of: `${title}: ${panel.title}`, expr })),
    ),
  ),
  ...alertRules().map(({ rule }) => ({ of: rule.alert, expr: rule.expr })),
]

const Queries = z.record(
  z.string(),
  z.object({
    query: z.string(),
    metrics: z.array(z.record(z.string(), z.object({ usage: z.string() }))),
  }),
)

/** What our own questions to PostgreSQL become, as the exporter names it. */
const asked = Object.entries(
  Queries.parse(parse(readFileSync(join(stackFolder, 'postgres-exporter/queries.yaml'), 'utf8'))),
).flatMap(([name, { metrics }]) =>
  metrics.flatMap((metric) =>
    Object.entries(metric).flatMap(([column, { usage }]) =>
      usage === 'LABEL' ? [] : [`${name}_${column}`],
    ),
  ),
)

/** Names of samples: a histogram has three kinds of them. */
function namesIn(scrape: string): string[] {
  const types = [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
}

// The counter of lookups is there where lookups are on.
const breachList = 'https://breach.invalid/range/'
let system: TestSystem
let known: Set<string>
beforeAll(async () => {
  system = await testSystem({ settings: () => ({ BREACH_LOOKUP_URL: breachList }) })
  const scrape = await fetch(`http://127.0.0.1:${system.ports.metrics}/metrics`)
  const ours = namesIn(await scrape.text())
  expect(ours.length).toBeGreaterThan(30)
  known = new Set([...ours, ...asked, ...Object.values(exporters).flat()])
}, 60_000)
afterAll(() => system?.stop())

test('the metrics of a query are told from its functions, labels and words', () => {
  const query = `topk(3, sum by (job) (rate(one_total{job="a_b", x=~"(c|d)"}[5m])) / on (job) group_left
    max(two{}) > 1e3) or absent(three offset 10m)`
  expect(metricsOf(query)).toEqual(['one_total', 'two', 'three'])
})

test('[BC-41] boards as code for processors and memory, latency and availability', () => {
  const titles = boards.map(({ title }) => title)
  expect(titles.sort()).toEqual(['Availability', 'Business', 'Database', 'Latency', 'Machine'])
  const machine = boards.find(({ title }) => title === 'Machine')
  const shown = machine?.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => metricsOf(expr)),
  )
  expect(shown).toContain('node_cpu_seconds_total')
  expect(shown).toContain('node_memory_MemAvailable_bytes')
})

test('[MP-69] the boards show processors, memory, disk, network, database and the health of containers', () => {
  const shown = new Set(
    boards.flatMap(({ panels }) =>
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsOf(expr))),
    ),
  )
  const wanted = [
    'node_cpu_seconds_total',
    'node_memory_MemAvailable_bytes',
    'node_filesystem_avail_bytes',
    'container_network_receive_bytes_total',
    'pg_stat_database_numbackends',
    'kube_pod_container_status_restarts_total',
  ]
  expect(wanted.filter((name) => !shown.has(name))).toEqual([])
})

test('every board and every alert asks for metrics that somebody exposes, ours as a running system does', () => {
  const strange = queries.flatMap(({ of, expr }) =>
    metricsOf(expr)
      .filter((name) => !known.has(name))
      .map((name) => `${of}: ${name}`),
  )
  expect(strange).toEqual([])
})

test('a metric that nobody exposes is found', () => {
  expect(metricsOf('rate(http_requests_total[5m])').some((name) => known.has(name))).toBe(false)
})

test('no metric is listed as an exporter’s that no query asks for', () => {
  const wanted = new Set([...queries.flatMap(({ expr }) => metricsOf(expr)), 'ALERTS'])
  const idle = Object.values(exporters)
    .flat()
    .filter((name) => !wanted.has(name))
  expect(idle).toEqual([])
})

test('every panel has a title of its own on its board, and a source that is provisioned', () => {
  const sources = readFileSync(join(stackFolder, 'grafana/datasources.yaml'), 'utf8')
  for (const { title, panels } of boards) {
    const titles = panels.map((panel) => panel.title)
    expect({ title, own: new Set(titles).size }).toEqual({ title, own: titles.length })
    for (const { datasource } of panels) expect(sources).toContain(`uid: ${datasource.uid}`)
  }
})
