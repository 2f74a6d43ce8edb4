import { z } from 'zod'
import type { BusEvent } from '#kit/bus'
import type { Json } from '#kit/postgres'

/** One link of the chain, as it is told; the database gives it its number and its hash. */
export type NewEntry = {
  readonly id: string
  readonly at: Date
  readonly source: string
  readonly actorId: string | null
  readonly onBehalfOf: string | null
  readonly action: string
  readonly entity: string
  readonly entityId: string
  readonly requestId: string | null
  readonly ip: string | null
  readonly detail: Json
}

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).nullable().catch(null)

/** What `audit()` of the kit writes. */
const Audited = z.object({
  action: z.string().min(3).max(120),
  actorId: z.uuid().nullable(),
  onBehalfOf: z.uuid().nullable(),
  entity: z.string().min(1).max(60),
  requestId: z.string().nullable(),
  ip: address,
  detail: z.json(),
})

/** What is told of a sign-in; it may say more. */
export const UserLogin = z.object({
  personId: z.uuid(),
  sessionId: z.uuid(),
  acr: z.string(),
  roles: z.array(z.string()),
  device: z.string(),
  ip: address,
  place: z.string().nullable().catch(null),
  email: z.email().nullable().catch(null),
  displayName: z.string().min(1).max(120).nullable().catch(null),
  locale: z.enum(['fr', 'en']).catch('fr'),
  /** Nobody saw it: the sign-in at the provider was still good. */
  silent: z.boolean().catch(false),
})

type Told = Pick<
  NewEntry,
  'actorId' | 'onBehalfOf' | 'action' | 'entity' | 'requestId' | 'ip' | 'detail'
> &
  Partial<Pick<NewEntry, 'entityId'>>

function loginTold(payload: Json): Told | null {
  const { data } = UserLogin.safeParse(payload)
  if (!data) return null
  const { personId, sessionId: entityId, ip, acr, roles, device, place, silent } = data
  return {
    ...{ action: 'auth.signed-in', actorId: personId, onBehalfOf: null },
    ...{ entity: 'Session', entityId },
    ...{ requestId: null, ip, detail: { acr, roles, device, place, silent } },
  }
}

const auditTold = (payload: Json): Told | null => Audited.safeParse(payload).data ?? null

/** Nothing that was told is lost: what makes no sense is kept as it came, under an action of this room. */
const asItCame = (what: 'foreign' | 'malformed', payload: Json): Told => ({
  ...{ action: `users.audit-${what}`, actorId: null, onBehalfOf: null, entity: 'Event' },
  ...{ requestId: null, ip: null, detail: payload },
})

/** An act told by another room than the one it happened in; the bus knows who speaks. */
const isForeign = ({ topic, source }: BusEvent, told: Told | null) =>
  !topic.startsWith(`${source}.`) || (told !== null && !told.action.startsWith(`${source}.`))

function toldBy(event: BusEvent): Told {
  const { topic, payload } = event
  const told = topic === 'auth.user-login' ? loginTold(payload) : auditTold(payload)
  if (isForeign(event, told)) return asItCame('foreign', payload)
  return told ?? asItCame('malformed', payload)
}

export const entryFrom = (event: BusEvent): NewEntry => ({
  entityId: event.entityId,
  ...toldBy(event),
  id: event.id,
  at: event.at,
  source: event.source,
})
