import { startAuthority } from './authority.ts'
import { importStandIn } from './images.ts'
import { kubectl } from './kubectl.ts'
import { makeCredentials } from './node/authority.ts'
import { startControlPlane } from './node/control-plane.ts'
import { startDns } from './node/dns.ts'
import { furnishEnclosure } from './node/network.ts'
import { startContainerd, startWorker } from './node/worker.ts'
import type { Place } from './place.ts'
import { timed } from './poll.ts'
import { importImages } from './product.ts'
import { coredns } from './stand-ins/go.ts'
import { pause } from './stand-ins/pause.ts'

/** From an empty enclosure to a node that runs pods and knows their names; says how long each part took. */
export async function startCluster(place: Place): Promise<void> {
  const step = async (name: string, work: () => Promise<unknown>) =>
    console.log(`${name.padEnd(20)} ${(await timed(work)).ms} ms`)
  await step('enclosure', () => furnishEnclosure(place))
  await step('credentials', () => makeCredentials(place))
  await step('containerd', () => startContainerd(place))
  await step('pause', () => importStandIn(place, pause(place)))
  await step('control plane', () => startControlPlane(place))
  await step('node', () => startWorker(place))
  await step('DNS image', () => importStandIn(place, coredns))
  await step('authority', () => startAuthority(place))
  await step('images', () => importImages(place))
  await step('DNS', async () => {
    await startDns(place)
    await kubectl(
      place,
      ...['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns'],
      '--timeout=15s',
    )
  })
}
