import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { clusterFrom } from '../model/cluster.ts'
import { matrixOf } from '../network/matrix.ts'
import { renderOverlay } from '../render/overlay.ts'
import { stackFolder } from './alert-rules.ts'

const Scrapes = z.object({
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      kubernetes_sd_configs: z
        .array(z.object({ namespaces: z.object({ names: z.array(z.string()) }).optional() }))
        .default([]),
      relabel_configs: z
        .array(z.object({ action: z.string().optional(), regex: z.string().optional() }))
        .default([]),
      static_configs: z.array(z.object({ targets: z.array(z.string()) })).default([]),
    }),
  ),
})

const { scrape_configs: jobs } = Scrapes.parse(
  parse(readFileSync(join(stackFolder, 'prometheus/prometheus.yaml'), 'utf8')),
)
const jobNamed = (name: string) => {
  const job = jobs.find(({ job_name }) => job_name === name)
  if (!job) throw new Error(`There is no job ${name}.`)
  return job
}

const cluster = clusterFrom(renderOverlay('full-8g'))
const flows = matrixOf(cluster)
const reaches = (from: string, to: string) =>
  flows.some((flow) => flow.from === from && flow.to === to)

/** What a job that looks for pods finds: those with a port of the name that it keeps. */
function targetsOf(name: string) {
  const job = jobNamed(name)
  const port = job.relabel_configs.find(({ action }) => action === 'keep')?.regex
  const namespaces = job.kubernetes_sd_configs.flatMap(({ namespaces: at }) => at?.names ?? [])
  return cluster.workloads
    .filter(({ namespace }) => namespaces.includes(namespace))
    .flatMap((workload) =>
      workload.containers.flatMap(({ ports }) =>
        ports.flatMap((it) =>
          it.name === port ? [`${workload.namespace}/${workload.name}:${it.port}`] : [],
        ),
      ),
    )
}

const scraped = [...targetsOf('pods'), ...targetsOf('keycloak')]

test('[BC-40] Prometheus finds the API, the way in and the database, and is let in by each', () => {
  expect([...scraped].sort()).toEqual([
    'app/auth:9104',
    'app/billing:9103',
    'app/bookings:9102',
    'app/gateway:9100',
    'app/users:9101',
    'auth/keycloak:9000',
    'data/postgres:9187',
    'edge/traefik:9100',
    'ops/blackbox:9115',
    'ops/kube-state-metrics:8080',
    'ops/mail:9749',
    'ops/node-exporter:9100',
    'ops/postgres-exporter:9187',
  ])
  for (const target of scraped) {
    expect({ target, reached: reaches('ops/prometheus', target) }).toEqual({
      ...{ target, reached: true },
    })
  }
})

test('metrics are read by Prometheus and by nobody else', () => {
  const others = flows.filter(({ from, to }) => scraped.includes(to) && from !== 'ops/prometheus')
  const own = others.filter(({ from, to }) => to.startsWith(`${from}:`))
  expect(others.filter((flow) => !own.includes(flow))).toEqual([])
})

test('whoever is asked by name is there, and lets the one in who asks', () => {
  const named = jobs.flatMap(({ static_configs }) => static_configs.flatMap((it) => it.targets))
  const services = named.filter((target) => target.includes('.svc.cluster.local:'))
  expect(services).toEqual([
    'alertmanager.ops.svc.cluster.local:9093',
    'grafana.ops.svc.cluster.local:3000',
  ])
  for (const service of services) {
    const [, name, namespace, port] = /^(.+?)\.(.+?)\..*:(\d+)$/.exec(service) ?? []
    expect(reaches('ops/prometheus', `${namespace}/${name}:${port}`)).toBe(true)
  }
})

test('[FC-54] the public hosts are looked at from without, over HTTPS', () => {
  const [probed] = jobNamed('probes').static_configs
  const hosts = probed?.targets.map((target) => target.replace(/^https:\/\/([^/]+).*$/, '$1'))
  expect(hosts).toEqual(['', 'api.', 'login.', 'status.'].map((name) => `${name}\${DOMAIN}`))
})

test('alerts leave for people: from Prometheus to Alertmanager, from there to the mail relay', () => {
  expect(reaches('ops/prometheus', 'ops/alertmanager:9093')).toBe(true)
  expect(reaches('ops/alertmanager', 'ops/mail:2525')).toBe(true)
  expect(reaches('app/gateway', 'ops/alertmanager:9093')).toBe(false)
})
