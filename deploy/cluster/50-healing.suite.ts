import { beforeAll, describe, expect, test } from 'bun:test'
import { inDatabase } from './database.ts'
import { clusterMissing, figure, here } from './here.ts'
import { isReady, kubectl, pods } from './kubectl.ts'
import { eventually, timed } from './poll.ts'
import { addressOf, untilReady } from './product.ts'
import { untilRolledOut } from './rollout.ts'

const missing = clusterMissing()

const ourPods = () => pods(here, '-n', 'app', '--field-selector=status.phase=Running')

const services = ['gateway', 'users', 'bookings', 'billing', 'auth']

/** Both replicas are ready or none: the Service asks who answers. */
const gatewaySays = async (path: string) => {
  const address = await addressOf(here, 'app', 'gateway')
  return fetch(`http://${address}:3000${path}`, { signal: AbortSignal.timeout(5_000) })
}

const readyPods = async (name: string) =>
  (await pods(here, '-n', 'app', '-l', `app.kubernetes.io/name=${name}`)).filter(isReady)

const scale = (namespace: string, workload: string, replicas: number) =>
  kubectl(here, '-n', namespace, 'scale', workload, `--replicas=${replicas}`)

describe.skipIf(missing !== null)(missing ?? 'what fails comes back by itself', () => {
  beforeAll(async () => {
    await untilReady(here, 240_000)
  }, 300_000)

  test('[KG-27] a pod whose process is killed serves again, and one that is deleted is replaced', async () => {
    const [victim] = await readyPods('users')
    if (!victim) throw new Error('There is no pod of users.')
    const restarts = () =>
      pods(here, '-n', 'app', '-l', 'app.kubernetes.io/name=users').then(([pod]) =>
        pod && isReady(pod) ? (pod.status.containerStatuses[0]?.restartCount ?? 0) : null,
      )
    const before = (await restarts()) ?? 0
    const pid = (
      await Bun.$`ctr --address ${here.folder}/containerd/containerd.sock -n k8s.io task ls`.text()
    )
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(([id]) => victim.status.containerStatuses[0]?.containerID?.endsWith(id ?? '-'))?.[1]
    process.kill(Number(pid), 'SIGKILL')
    const killed = await timed(() =>
      eventually(async () => ((await restarts()) ?? 0) > before, {
        ...{ withinMs: 60_000, what: 'A restarted container' },
      }),
    )
    await kubectl(here, '-n', 'app', 'delete', 'pod', victim.metadata.name, '--wait=false')
    const replaced = await timed(() =>
      eventually(
        async () =>
          (await readyPods('users')).some(({ metadata }) => metadata.uid !== victim.metadata.uid),
        { withinMs: 60_000, what: 'A replacement' },
      ),
    )
    await figure('process killed -> ready again', `${killed.ms} ms`)
    await figure('pod deleted -> another is ready', `${replaced.ms} ms`)
    await untilRolledOut(here, 'users')
  }, 200_000)

  test('while the database is away services live and say that they are not ready; they recover without a restart', async () => {
    const restartsOf = async () =>
      (await ourPods()).map(({ metadata, status }) => [
        metadata.name,
        status.containerStatuses[0]?.restartCount,
      ])
    const before = await restartsOf()
    const rows = await inDatabase(here, 'select count(*) from users.person')
    const [gateway] = await readyPods('gateway')
    const direct = `http://${gateway?.status.podIP}:3000`
    await scale('data', 'statefulset/postgres', 0)
    await eventually(async () => (await fetch(`${direct}/readyz`)).status === 503, {
      ...{ withinMs: 60_000, what: 'A red /readyz' },
    })
    expect((await fetch(`${direct}/healthz`)).status).toBe(200)
    await eventually(async () => (await Promise.all(services.map(readyPods))).flat().length === 0, {
      withinMs: 60_000,
      what: 'Services that are not ready',
    })
    const back = await timed(async () => {
      await scale('data', 'statefulset/postgres', 1)
      await eventually(async () => (await gatewaySays('/readyz')).status === 200, {
        ...{ withinMs: 120_000, everyMs: 250, what: 'A green /readyz' },
      })
    })
    await untilReady(here, 120_000)
    await figure('database started again -> the gateway answers', `${back.ms} ms`)
    expect(await restartsOf()).toEqual(before)
    expect(await inDatabase(here, 'select count(*) from users.person')).toBe(rows)
  }, 400_000)

  test('[FC-33] services that start before the database wait for it, and all are ready within 60 s of it', async () => {
    await scale('data', 'statefulset/postgres', 0)
    for (const name of services)
      await kubectl(
        here,
        '-n',
        'app',
        'delete',
        'pod',
        '-l',
        `app.kubernetes.io/name=${name}`,
        '--wait=false',
      )
    await eventually(
      async () => {
        const started = await ourPods()
        return (
          started.length === 6 &&
          started.every(
            ({ status, metadata }) =>
              !metadata.deletionTimestamp && status.containerStatuses[0]?.state.running,
          ) &&
          !started.some(isReady)
        )
      },
      { withinMs: 120_000, everyMs: 500, what: 'Services that run and are not ready' },
    )
    const ready = await timed(async () => {
      await scale('data', 'statefulset/postgres', 1)
      await eventually(
        async () => {
          const found = await Promise.all(services.map(readyPods))
          return found.flat().length === 6
        },
        { withinMs: 120_000, everyMs: 250, what: 'Ready services' },
      )
    })
    const restarts = (await ourPods()).map(
      ({ status }) => status.containerStatuses[0]?.restartCount ?? 0,
    )
    await figure(
      'database after its services -> all ready',
      `${ready.ms} ms, ${Math.max(...restarts)} restarts at most`,
    )
    expect(ready.ms).toBeLessThanOrEqual(60_000)
    await untilReady(here, 180_000)
  }, 400_000)
})
