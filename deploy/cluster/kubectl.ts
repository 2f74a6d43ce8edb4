import { z } from 'zod'
import { toolPath } from '../tools/path.ts'
import { kubeconfigOf, type Place } from './place.ts'

const programOf = () => toolPath('kubectl') ?? Bun.which('kubectl') ?? 'kubectl'

type Run = { readonly input?: string }

/** What it printed. Throws with what it complained of. */
export async function kubectlWith(
  place: Place,
  args: readonly string[],
  { input }: Run = {},
): Promise<string> {
  const child = Bun.spawn([programOf(), '--kubeconfig', kubeconfigOf(place), ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: place.folder },
    stdin: input === undefined ? 'ignore' : new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) === 0) return out
  throw new Error(`kubectl ${args.join(' ')}: ${said.trim() || out.trim()}`)
}

export const kubectl = (place: Place, ...args: readonly string[]): Promise<string> =>
  kubectlWith(place, args)

/** Applied as Flux does: by the server, every field that is named becomes ours. */
export const apply = (place: Place, manifests: readonly object[]): Promise<string> =>
  kubectlWith(
    place,
    ['apply', '--server-side', '--force-conflicts', '--field-manager=plexus', '-f', '-'],
    { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }) },
  )

/** One object, or a list, in the shape that is asked for. */
export async function get<T>(place: Place, shape: z.ZodType<T>, ...args: readonly string[]) {
  const text = await kubectl(place, 'get', ...args, '-o', 'json')
  return shape.parse(JSON.parse(text))
}

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  lastTransitionTime: z.string().optional(),
})

export const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.object({
    phase: z.string(),
    podIP: z.string().optional(),
    conditions: z.array(Condition).default([]),
    containerStatuses: z
      .array(
        z.object({
          name: z.string(),
          restartCount: z.number(),
          containerID: z.string().optional(),
          imageID: z.string(),
          state: z.object({
            running: z.object({ startedAt: z.string() }).optional(),
            waiting: z
              .object({ reason: z.string().optional(), message: z.string().optional() })
              .optional(),
          }),
        }),
      )
      .default([]),
  }),
})
export type Pod = z.infer<typeof Pod>

const Pods = z.object({ items: z.array(Pod) })

export async function pods(place: Place, ...args: readonly string[]): Promise<Pod[]> {
  return (await get(place, Pods, 'pods', ...args)).items
}

export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')
