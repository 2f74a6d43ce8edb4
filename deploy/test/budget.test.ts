import { expect, test } from 'bun:test'
import { budgetOf, budgetPage, mibFrom, podMib, sumOf } from '../budget/budget.ts'
import { mostMib } from '../budget/system.ts'
import { workloadsIn } from '../model/workload.ts'
import { profiles, renderOverlay } from '../render/overlay.ts'

test.each(profiles)('%s asks a node for no more memory than it has', (profile) => {
  const rows = budgetOf(profile, workloadsIn(renderOverlay(profile)))
  const most = mostMib[profile]
  expect(sumOf(rows), budgetPage(profile, rows, most)).toBeLessThanOrEqual(most)
})

test.each([
  ['64Mi', 64],
  ['1Gi', 1024],
  ['0.5Gi', 512],
  ['1048576', 1],
  ['128M', 122.0703125],
])('%s is %d MiB', (quantity, mib) => {
  expect(mibFrom(quantity)).toBe(mib)
})

test.each(['', '64MB', 'Mi', '-1Gi', '1e3'])('"%s" is no quantity of memory', (quantity) => {
  expect(() => mibFrom(quantity)).toThrow('is no quantity of memory')
})

const container = (mib: number, more = {}) => ({
  name: `c${mib}`,
  resources: { requests: { memory: `${mib}Mi` } },
  ...more,
})
const pod = (spec: object) => {
  const [workload] = workloadsIn(JSON.parse(JSON.stringify([{ kind: 'Pod', metadata: {}, spec }])))
  if (!workload) throw new Error('a pod is a workload')
  return workload
}

test('what runs at a time is added up, and what runs before counts when it is larger', () => {
  expect(podMib(pod({ containers: [container(64), container(32)] }))).toBe(96)
  const containers = [container(64)]
  expect(podMib(pod({ containers, initContainers: [container(16)] }))).toBe(64)
  expect(podMib(pod({ containers, initContainers: [container(128)] }))).toBe(128)
  const beside = container(16, { restartPolicy: 'Always' })
  expect(podMib(pod({ containers, initContainers: [beside] }))).toBe(80)
})

test('an autoscaler decides how many pods are counted, and Jobs are counted once', () => {
  const all = JSON.parse(
    JSON.stringify([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'app' },
        spec: { template: { spec: { containers: [container(100)] } } },
      },
      {
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: 'app' },
        spec: { minReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      },
      ...[10, 50].map((mib) => ({
        kind: 'Job',
        metadata: { name: `job-${mib}`, namespace: 'app' },
        spec: { template: { spec: { containers: [container(mib)] } } },
      })),
    ]),
  )
  const rows = budgetOf('single-4g', workloadsIn(all)).slice(-2)
  expect(rows.map(({ part, mib }) => `${part} ${mib}`)).toEqual([
    'app/web x3 300',
    'the largest Job (job-50) 50',
  ])
})
