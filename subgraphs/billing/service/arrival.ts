import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { keepService } from './queries.ts'

/** What `bookings` tells of a service; it may say more. */
const ServiceChanged = z.object({ serviceId: z.uuid(), coachId: z.uuid() })

async function keep(sql: Sql, { payload }: BusEvent) {
  const { serviceId, coachId } = ServiceChanged.parse(payload)
  await keepService(sql, { id: serviceId, coachId })
}

/** Every service of `bookings` can be priced by its coach. */
export const consumeServices = ({ sql, bus, log }: { sql: Pool; bus: Bus; log: Log }) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'billing.service',
    topics: ['bookings.service-changed'],
    handle: keep,
  })
