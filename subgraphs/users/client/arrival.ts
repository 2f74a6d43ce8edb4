import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { insertClient } from './queries.ts'

/** What `bookings` tells of a booking; it may say more. */
const Booked = z.object({ clientId: z.uuid(), coachId: z.uuid() })

/** Events of before their people were named in them say nothing here. */
async function arrive(sql: Sql, { payload }: BusEvent) {
  const told = Booked.safeParse(payload)
  if (told.success) await insertClient(sql, told.data)
}

/** Whoever holds or books becomes known by name to the coach. */
export const consumeClients = ({ sql, bus, log }: { sql: Pool; bus: Bus; log: Log }) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'users.client',
    topics: ['bookings.booking-held', 'bookings.booking-confirmed'],
    handle: arrive,
  })
