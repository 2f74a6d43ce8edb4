import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { finish } from './act.ts'
import { insertDelegation, markRevoked, openActsBy } from './queries.ts'

/** What users tells of a delegation; it may say more. */
const Granted = z.object({
  delegationId: z.uuid(),
  fromId: z.uuid(),
  toId: z.uuid(),
  scopes: z.array(z.string()).min(1),
  expiresAt: z.coerce.date(),
})
const Revoked = z.object({ delegationId: z.uuid() })

async function grant(sql: Sql, { payload }: BusEvent) {
  const { delegationId: id, fromId, toId, scopes, expiresAt } = Granted.parse(payload)
  await insertDelegation(sql, { id, fromId, toId, scopes, expiresAt })
}

/** Whoever acts by it is themselves again when this commits. */
async function revoke(sql: Sql, { payload, at }: BusEvent) {
  const { delegationId } = Revoked.parse(payload)
  await markRevoked(sql, { id: delegationId, at })
  for (const act of await openActsBy(sql, delegationId)) {
    await finish(sql, act, { why: 'withdrawn', at })
  }
}

const handlers: Readonly<Record<string, (sql: Sql, event: BusEvent) => Promise<void>>> = {
  'users.delegation-granted': grant,
  'users.delegation-revoked': revoke,
}

type Options = { readonly sql: Pool; readonly bus: Bus; readonly log: Log }

/** What users tells of delegations, once each and in order. */
export const consumeDelegations = ({ sql, bus, log }: Options) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'auth.delegation',
    topics: Object.keys(handlers),
    handle: async (tx, event) => handlers[event.topic]?.(tx, event),
  })
