import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { insertPerson } from './queries.ts'

/** What `auth` tells of a new account; it may say more. */
const AccountProvisioned = z.object({
  personId: z.uuid(),
  email: z.email(),
  displayName: z.string(),
  locale: z.enum(['fr', 'en']).catch('fr'),
})

async function arrive(sql: Sql, { payload }: BusEvent) {
  const { personId, email, displayName, locale } = AccountProvisioned.parse(payload)
  await insertPerson(sql, { id: personId, email, displayName, locale })
}

/** Every account of `auth` becomes a person here, once. */
export const consumeArrivals = ({ sql, bus, log }: { sql: Pool; bus: Bus; log: Log }) =>
  consume({
    bus,
    sql,
    log,
    consumer: 'users.person',
    topics: ['auth.account-provisioned'],
    handle: arrive,
  })
