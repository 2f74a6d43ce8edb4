import { z } from 'zod'
import { get, isReady, kubectl, type Pod, pods } from './kubectl.ts'
import { type Answers, load } from './load.ts'
import type { Place } from './place.ts'
import { eventually, timed } from './poll.ts'

const Deployment = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ replicas: z.number() }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
  }),
})

const podsOf = (place: Place, name: string): Promise<Pod[]> =>
  pods(place, '-n', 'app', '-l', `app.kubernetes.io/name=${name}`)

/** Resolves when every replica is of the newest template and available, and no other pod is left. */
export const untilRolledOut = (place: Place, name: string, withinMs = 240_000) =>
  eventually(
    async () => {
      const { metadata, spec, status } = await get(
        place,
        Deployment,
        ...['deployment', name, '-n', 'app'],
      )
      const { replicas } = spec
      const isNew =
        status.observedGeneration === metadata.generation &&
        status.updatedReplicas === replicas &&
        status.availableReplicas === replicas &&
        status.replicas === replicas
      if (!isNew) return null
      const all = await podsOf(place, name)
      return all.length === replicas && all.every(isReady) ? all : null
    },
    { withinMs, everyMs: 250, what: `${name} rolled out` },
  )

/** Changes a template so that all its pods are replaced; a setting goes with it. */
export const touch = (place: Place, name: string, patch: object = {}): Promise<string> =>
  kubectl(
    place,
    ...['-n', 'app', 'patch', 'deployment', name, '--type=strategic', '-p'],
    JSON.stringify({
      spec: {
        template: {
          metadata: { annotations: { 'plexus/touched': String(performance.now()) } },
          ...patch,
        },
      },
    }),
  )

/** Settings of a container, and without what a Deployment of ours has against lost requests. */
export const unguarded = (name: string) => ({
  spec: {
    containers: [{ name, lifecycle: null, env: [{ name: 'DRAIN_NOTICE_MS', value: '0' }] }],
  },
})

type UnderLoad = Omit<Parameters<typeof load>[0], 'perSecond' | 'seconds'> & {
  readonly patch?: object
}

const seconds = 75

/**
 * All pods of the gateway are replaced while 200 requests a second come in, until well after the last. Throws when
 * the load ended before.
 */
export async function rolledUnderLoad(
  place: Place,
  { patch, ...way }: UnderLoad,
): Promise<{ answers: Answers; ms: number }> {
  const rolling = async () => {
    await Bun.sleep(3_000)
    await touch(place, 'gateway', patch)
    return untilRolledOut(place, 'gateway')
  }
  const [answers, rolled] = await Promise.all([
    load({ ...way, perSecond: 200, seconds }),
    timed(rolling),
  ])
  if (rolled.ms > (seconds - 5) * 1_000) throw new Error(`Rolling took ${rolled.ms} ms.`)
  return { answers, ms: rolled.ms }
}
