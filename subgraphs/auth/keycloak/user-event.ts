import { z } from 'zod'
import type { Happened, KeycloakEvent } from './event.ts'

const UserEvent = z.object({
  id: z.uuid(),
  time: z.number(),
  type: z.string(),
  userId: z.string().optional(),
  ipAddress: z.string().optional(),
  details: z.record(z.string(), z.string()).optional(),
})
type UserEvent = z.infer<typeof UserEvent>

export const UserEvents = z.array(UserEvent)

const typeIn = ({ details }: UserEvent) => details?.credential_type ?? 'unknown'

/** By Keycloak's own names; what is not here is not asked for. */
const known: Readonly<Record<string, (event: UserEvent) => Happened>> = {
  LOGIN_ERROR: () => ({ kind: 'failed' }),
  USER_DISABLED_BY_TEMPORARY_LOCKOUT: () => ({ kind: 'locked' }),
  USER_DISABLED_BY_PERMANENT_LOCKOUT: () => ({ kind: 'locked' }),
  UPDATE_CREDENTIAL: (event) => ({ kind: 'credential-set', type: typeIn(event) }),
  REMOVE_CREDENTIAL: (event) => ({ kind: 'credential-removed', type: typeIn(event) }),
  VERIFY_EMAIL: () => ({ kind: 'verified' }),
  DELETE_ACCOUNT: () => ({ kind: 'deleted' }),
}

export const userEventTypes = Object.keys(known)

/** What people do by themselves, on Keycloak's pages. Null for what does not concern Plexus. */
export function fromUserEvent(event: UserEvent): KeycloakEvent | null {
  const happened = known[event.type]?.(event)
  if (!happened) return null
  const personId = event.userId ?? null
  return {
    ...{ id: event.id, at: new Date(event.time), ip: event.ipAddress ?? null, happened, personId },
    // Whoever fails to get in is nobody yet.
    actorId: ['failed', 'locked'].includes(happened.kind) ? null : personId,
  }
}
