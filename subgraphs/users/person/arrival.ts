import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { insertPerson } from './queries.ts'

/** What `auth` tells of a new account; it may say more. A partner's program has no address. */
const AccountProvisioned = z.object({
  personId: z.uuid(),
  email: z.email().nullable(),
  displayName: z.string(),
  locale: z.enum(['fr', 'en']).catch('fr'),
})

async function arrive(sql: Sql, { payload }: BusEvent) {
  const { personId, email, displayName, locale } = AccountProvisioned.parse(payload)
  await insertPerson(sql, { id: personId, email, displayName, locale })
}

/** Every account of `auth` becomes a person here, once; a program that books is one side of its bookings. */
export const consumeArrivals = ({ sql, bus, log }: { sql: Pool; bus: Bus; log: Log }) =>
  consume({
    bus,
    sql,
    log,
    consumer: 'users.person',
    topics: ['auth.account-provisioned'],
    handle: arrive,
  })
