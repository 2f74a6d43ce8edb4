import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { memoryOfNode, memoryOfPods } from './containers.ts'
import { clusterMissing, figure, here } from './here.ts'
import { isReady, kubectl, pods } from './kubectl.ts'
import { eventually, timed } from './poll.ts'
import { untilReady } from './product.ts'
import { touch, untilRolledOut } from './rollout.ts'

const missing = clusterMissing()

const scaled = 'users'

const readyNow = async () =>
  (await pods(here, '-n', 'app', '-l', `app.kubernetes.io/name=${scaled}`)).filter(isReady).length

/** From asking for one pod more to its being ready, in milliseconds. */
async function oneMore(count: number): Promise<number> {
  const { ms } = await timed(async () => {
    await kubectl(here, '-n', 'app', 'scale', `deployment/${scaled}`, `--replicas=${count}`)
    await eventually(async () => (await readyNow()) === count, {
      ...{ withinMs: 60_000, everyMs: 50, what: `${count} ready pods` },
    })
  })
  return ms
}

const rank = (values: readonly number[], share: number) =>
  [...values].sort((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0

const programs = [
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  ...['kubelet', 'kube-proxy', 'containerd', 'containerd-shim-runc-v2'],
]

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

describe.skipIf(missing !== null)(missing ?? 'figures of the cluster', () => {
  beforeAll(async () => {
    await untilReady(here, 240_000)
  }, 300_000)
  afterAll(async () => {
    await kubectl(here, '-n', 'app', 'scale', `deployment/${scaled}`, '--replicas=1')
  }, 60_000)

  test('what every pod and the node itself have in memory, with nobody there', async () => {
    const all = await memoryOfPods(here)
    for (const { name, megabytes } of all.sort((a, b) => a.name.localeCompare(b.name)))
      await figure(`idle PSS of ${name}`, `${megabytes.toFixed(0)} MB`)
    const node = await memoryOfNode(programs)
    for (const [name, megabytes] of node)
      await figure(`PSS of ${name}`, `${megabytes.toFixed(0)} MB`)
    const ofPods = sum(all.map(({ megabytes }) => megabytes))
    await figure('all pods together', `${ofPods.toFixed(0)} MB`)
    await figure('pods and node together', `${(ofPods + sum(node.values())).toFixed(0)} MB`)
    // What the smallest server of the small profile has.
    expect(ofPods + sum(node.values())).toBeLessThan(3_850 * 1.048_576)
    for (const { name, megabytes } of all.filter((pod) => pod.name.startsWith('app/')))
      expect([name, megabytes < 192]).toEqual([name, true])
  }, 60_000)

  test('a pod of a subgraph is ready soon after it is asked for', async () => {
    const samples: number[] = []
    while (samples.length < 20) {
      for (const count of [2, 3, 4]) samples.push(await oneMore(count))
      await kubectl(here, '-n', 'app', 'scale', `deployment/${scaled}`, '--replicas=1')
      await untilRolledOut(here, scaled)
    }
    await figure('pod asked for -> ready, median of 20', `${rank(samples, 0.5)} ms`)
    await figure('pod asked for -> ready, p95', `${rank(samples, 0.95)} ms`)
    expect(rank(samples, 0.95)).toBeLessThan(10_000)
  }, 600_000)

  test('a change reaches every replica', async () => {
    for (const name of ['users', 'gateway']) {
      const { ms } = await timed(async () => {
        await touch(here, name)
        await eventually(
          async () => {
            await untilRolledOut(here, name)
            return true
          },
          { withinMs: 240_000, what: `New pods of ${name}` },
        )
      })
      await figure(`change of ${name} -> all replicas new, the old ones gone`, `${ms} ms`)
      expect(ms).toBeLessThan(120_000)
    }
  }, 600_000)
})
