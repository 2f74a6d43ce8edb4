import type { Viewer } from '#kit/identity-token'
import { type Variant, variantOf } from '../../engine/engine.ts'

/** Who asks, and what is decided of them. */
export type Caller = { readonly viewer: Viewer | null; readonly variant: Variant }

const viewerWith = (scopes: readonly string[]): Viewer => ({
  id: '00000000-0000-7000-8000-000000000001',
  roles: [],
  scopes: new Set(scopes),
  acr: '1',
  actor: null,
  sessionId: 'session-1',
})

const callerOf = (viewer: Viewer | null, policies: readonly string[] = []): Caller => ({
  viewer,
  variant: { ...variantOf(viewer), policies: new Set(policies) },
})

export const roles: Readonly<Record<string, Caller>> = {
  root: callerOf(viewerWith(['root', 'read', 'audit']), ['owner', 'staff', 'boss']),
  // Nothing that is granted helps who is nobody.
  nobody: callerOf(null, ['owner']),
  somebody: callerOf(viewerWith([])),
  reader: callerOf(viewerWith(['read']), ['owner']),
  auditor: callerOf(viewerWith(['audit', 'read']), ['staff']),
}
