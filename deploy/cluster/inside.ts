/** Run by the enclosure: the node, then the command beside it. */

import { z } from 'zod'
import { explain } from '../../stack/up/explain.ts'
import { startCluster } from './cluster.ts'
import { kubectl } from './kubectl.ts'
import { type Place, settingsOf } from './place.ts'

const Asked = z.object({ keep: z.boolean(), command: z.array(z.string()) })

async function run(place: Place): Promise<number> {
  const { keep, command } = Asked.parse(await Bun.stdin.json())
  await startCluster(place)
  const env = { ...process.env, ...settingsOf(place) }
  const child =
    command.length > 0
      ? Bun.spawn([...command], { env, stdio: ['ignore', 'inherit', 'inherit'] })
      : null
  const code = child ? await child.exited : 0
  if (keep) await untilInterrupted(place)
  return code
}

function untilInterrupted({ folder }: Place): Promise<void> {
  console.log(`
The cluster stays until Ctrl-C. Beside it, in another terminal:
  bun deploy/cluster.ts --in=${folder} kubectl get pods --all-namespaces`)
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
  })
}

/** For whoever has to find out why a cluster does not come up. */
const whatHappened = (place: Place) =>
  kubectl(place, 'get', 'pods,events', '--all-namespaces', '-o', 'wide').catch(() => '')

try {
  process.exitCode = await run({ folder: process.env.PLEXUS_CLUSTER ?? '' })
} catch (error) {
  console.error(explain(error))
  console.error(await whatHappened({ folder: process.env.PLEXUS_CLUSTER ?? '' }))
  process.exitCode = 1
}
process.exit()
