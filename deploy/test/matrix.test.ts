import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { clusterFrom } from '../model/cluster.ts'
import { type Flow, matrixOf, podsOf } from '../network/matrix.ts'
import { matrixFile, matrixPage } from '../network/page.ts'
import { renderOverlay } from '../render/overlay.ts'
import { clusters, withComponents } from './overlay-cluster.ts'

const lines = (flows: readonly Flow[]) => flows.map(({ from, to }) => `${from} -> ${to}`)

/** Who may open a connection to a port of a pod. */
const callersOf = (flows: readonly Flow[], to: string) =>
  flows.filter((flow) => flow.to === to).map(({ from }) => from)

test('who may speak to whom is what is committed: `bun deploy/render.ts --matrix` writes it', () => {
  expect(matrixPage()).toBe(readFileSync(matrixFile, 'utf8'))
})

test.each(clusters)(
  '[KG-33] %s: an intruder in any namespace reaches names and nothing else',
  (_, cluster) => {
    const intruders = podsOf(cluster).filter(({ name }) => name === 'intruder')
    const flows = matrixOf(cluster)
    const opened = flows.filter(({ from }) => from.endsWith('/intruder'))
    expect(intruders.length).toBeGreaterThanOrEqual(5)
    expect(new Set(opened.map(({ to }) => to))).toEqual(new Set(['kube-system/kube-dns:53']))
    expect(opened).toHaveLength(intruders.length)
    expect(flows.filter(({ to }) => to.includes('/intruder'))).toEqual([])
  },
)

test('without its policies an intruder would reach the database', () => {
  const bare = renderOverlay('single-4g').filter(({ kind }) => kind !== 'NetworkPolicy')
  const flows = lines(matrixOf(clusterFrom(bare)))
  expect(flows).toContain('app/intruder -> data/postgres:5432')
  expect(flows).toContain('app/intruder -> anywhere')
})

test.each(clusters)(
  '[FC-15] %s: PostgreSQL is reached on 5432 by the services, Keycloak, Adminer and what keeps it',
  (_, cluster) => {
    const callers = callersOf(matrixOf(cluster), 'data/postgres:5432')
    const allowed = [
      ...['app/auth', 'app/billing', 'app/bookings', 'app/gateway', 'app/migrate', 'app/users'],
      ...['auth/keycloak', 'ops/adminer'],
      // Of the database itself: its copies and its operator, the exporter, backups.
      ...['data/postgres', 'data/pooler', 'data/postgres-replica', 'cnpg-system/cloudnative-pg'],
      ...['ops/postgres-exporter', 'data/backup-full', 'data/backup-diff', 'data/backup-dump'],
      'data/drill-restore',
    ]
    expect(callers.filter((caller) => !allowed.includes(caller))).toEqual([])
    expect(callers).toEqual(expect.arrayContaining(allowed.slice(0, 8)))
  },
)

test.each(clusters)(
  '[FC-16] %s: the API on 3000 is reached by the edge that serves the web, by Uptime Kuma and by ourselves',
  (_, cluster) => {
    const callers = callersOf(matrixOf(cluster), 'app/gateway:3000')
    expect(callers).toEqual(['app/auth', 'app/gateway', 'edge/traefik', 'ops/uptime-kuma'])
  },
)

test.each(clusters)(
  '[FC-17] %s: Keycloak on 8080 is reached through the edge alone, by browsers and by the API',
  (_, cluster) => {
    const flows = matrixOf(cluster)
    expect(callersOf(flows, 'auth/keycloak:8080')).toEqual(['edge/traefik'])
    expect(lines(flows)).toContain('app/gateway -> edge/traefik:8444')
  },
)

test.each(clusters)(
  '[FC-18] %s: the web is open to all on 80, which leads to 443, and nothing else is',
  (_, cluster) => {
    const open = matrixOf(cluster).filter(({ from }) =>
      /^(0\.0\.0\.0\/0|::\/0|anywhere)$/.test(from),
    )
    expect([...new Set(open.map(({ to }) => to))]).toEqual([
      'edge/traefik:8000',
      'edge/traefik:8443',
    ])
  },
)

test.each(clusters)('[FC-19] %s: Uptime Kuma does not reach PostgreSQL', (_, cluster) => {
  const opened = matrixOf(cluster).filter(({ from }) => from === 'ops/uptime-kuma')
  expect(opened.map(({ to }) => to).filter((to) => to.startsWith('data/'))).toEqual([])
})

test.each(clusters)('%s: a subgraph is asked by the gateway alone', (_, cluster) => {
  const flows = matrixOf(cluster)
  const callers = ['users:4001', 'bookings:4002', 'billing:4003', 'auth:4004'].map((to) =>
    callersOf(flows, `app/${to}`),
  )
  expect(callers).toEqual([['app/gateway'], ['app/gateway'], ['app/gateway'], ['app/gateway']])
})

test.each(clusters)(
  '%s: whoever looks at our hosts from inside reaches them where CoreDNS leads',
  async (profile) => {
    const watched = profile === 'single-4g' ? ['observability'] : []
    const flows = lines(matrixOf(await withComponents(profile, watched)))
    const watchers = ['app/auth', 'app/gateway', 'auth/keycloak', 'ops/blackbox', 'ops/uptime-kuma']
    expect(flows).toEqual(
      expect.arrayContaining(watchers.map((watcher) => `${watcher} -> edge/traefik:8444`)),
    )
  },
)
