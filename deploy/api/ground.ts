import type { JsonRecord } from '../render/json.ts'
import { overlays, renderOverlay } from '../render/overlay.ts'
import { keyOf, kindOf, type Manifest, namespaceOf } from '../render/resource.ts'
import { type Api, accepted } from './client.ts'
import { runningApi } from './server.ts'

/** Namespaces of others, which our objects speak of. */
const others = ['cert-manager', 'flux-system']

const namespace = (name: string): JsonRecord => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
})

/** The account of pods that name none: a controller would make it. */
export const defaultAccount = (room: string): JsonRecord => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: room },
})

/** Every object of every overlay, once; where overlays differ, the first that has it. */
export function everyObject(): Manifest[] {
  const all = overlays.flatMap((overlay) => renderOverlay(overlay))
  return [...new Map(all.map((manifest) => [keyOf(manifest), manifest])).values()]
}

/** In the order in which one needs the other. */
const standing = [
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'Role',
  'ClusterRoleBinding',
  'RoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]

async function layGround(): Promise<Api> {
  const api = await runningApi()
  const objects = everyObject()
  for (const name of others) accepted(await api.apply(namespace(name)))
  for (const kind of standing) {
    const own = objects.filter((manifest) => kindOf(manifest) === kind)
    await Promise.all(own.map(async (manifest) => accepted(await api.apply(manifest))))
  }
  const rooms = [...new Set(objects.map(namespaceOf).filter(Boolean))]
  await Promise.all(
    [...rooms, 'default'].map(async (room) => accepted(await api.apply(defaultAccount(room)))),
  )
  return api
}

let laid: Promise<Api> | null = null

/**
 * The API server with what judges other objects really there: namespaces and their labels, accounts,
 * roles, admission policies. Everything else is only tried.
 */
export function ground(): Promise<Api> {
  laid ??= layGround()
  return laid
}
