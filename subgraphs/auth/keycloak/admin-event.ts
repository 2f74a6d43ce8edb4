import { z } from 'zod'
import { type Role, roleFrom } from '#schema/scopes'
import type { Happened, KeycloakEvent } from './event.ts'

const AdminEvent = z.object({
  id: z.uuid(),
  time: z.number(),
  realmId: z.string(),
  operationType: z.string(),
  resourceType: z.string(),
  resourcePath: z.string().default(''),
  representation: z.string().optional(),
  authDetails: z.object({
    realmId: z.string().optional(),
    userId: z.string().optional(),
    ipAddress: z.string().optional(),
  }),
})
type AdminEvent = z.infer<typeof AdminEvent>

export const AdminEvents = z.array(AdminEvent)

/** Null also where Keycloak kept only the beginning. */
function representationOf({ representation = 'null' }: AdminEvent): unknown {
  try {
    return JSON.parse(representation)
  } catch {
    return null
  }
}

const Names = z.array(z.object({ name: z.string() })).catch([])
const Changed = z.object({ enabled: z.boolean().optional() }).catch({})

const rolesIn = (event: AdminEvent): Role[] =>
  Names.parse(representationOf(event))
    .map(({ name }) => roleFrom(name))
    .filter((role) => role !== null)

const groupChanged = (): Happened => ({ kind: 'group-changed' })

/** By resource, what of a person's account, and operation. What is not here is not asked for. */
const known: Readonly<Record<string, (event: AdminEvent) => Happened>> = {
  'USER CREATE': () => ({ kind: 'created' }),
  'USER UPDATE': (event) => {
    const isDisabled = Changed.parse(representationOf(event)).enabled === false
    return { kind: isDisabled ? 'disabled' : 'changed' }
  },
  'USER DELETE': () => ({ kind: 'deleted' }),
  'USER reset-password ACTION': () => ({ kind: 'credential-set', type: 'password' }),
  'REALM_ROLE_MAPPING role-mappings CREATE': (event) => ({
    kind: 'roles-given',
    roles: rolesIn(event),
  }),
  'REALM_ROLE_MAPPING role-mappings DELETE': (event) => ({
    kind: 'roles-taken',
    roles: rolesIn(event),
  }),
  'GROUP_MEMBERSHIP groups CREATE': groupChanged,
  'GROUP_MEMBERSHIP groups DELETE': groupChanged,
}

export const resourceTypes = ['USER', 'REALM_ROLE_MAPPING', 'GROUP_MEMBERSHIP'] as const

const aboutPerson = /^users\/(?<id>[0-9a-f-]{36})(?:\/(?<part>[^/]+))?/

/**
 * What administrators do to somebody's account, in Keycloak's console. Null for what does not
 * concern Plexus, and for what Plexus did itself as `ownId`.
 */
export function fromAdminEvent(event: AdminEvent, ownId: string | null): KeycloakEvent | null {
  const { authDetails, resourceType, operationType } = event
  const { id: personId, part } = aboutPerson.exec(event.resourcePath)?.groups ?? {}
  if (!personId || authDetails.userId === ownId) return null
  const name = [resourceType, ...(part ? [part] : []), operationType].join(' ')
  const happened = known[name]?.(event)
  if (!happened || ('roles' in happened && happened.roles.length === 0)) return null
  const isOurs = authDetails.realmId === event.realmId
  return {
    ...{ id: event.id, at: new Date(event.time), personId, happened },
    actorId: (isOurs && authDetails.userId) || null,
    ip: authDetails.ipAddress ?? null,
  }
}
