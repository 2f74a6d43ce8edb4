import { z } from 'zod'

const Money = z.object({ amount: z.int(), currency: z.string().length(3) })
const times = { startsAt: z.iso.datetime(), endsAt: z.iso.datetime() }

/** A mail without this part is better than none: what is absent or unknown is null. */
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().catch(null)

/** What `bookings` tells of a booking; it may say more. */
const Facts = z.object({
  ...times,
  reference: z.string(),
  serviceName: z.object({ fr: z.string(), en: z.string() }),
  location: optional(z.enum(['ONLINE', 'ON_SITE', 'AT_CLIENT'])),
  seats: z.int().catch(1),
  price: optional(Money),
  /** Of a moved booking: when it was. */
  before: optional(z.object(times)),
  /** Of a cancelled one. */
  refund: optional(Money),
  cancelledBy: optional(z.enum(['client', 'coach'])),
  reason: optional(z.string().trim()),
})

const Told = Facts.extend({ clientId: z.uuid(), coachId: z.uuid(), version: z.int() })

/** What a mail row keeps of an event: nothing that names a person. */
export type Facts = z.output<typeof Facts>

/** Throws for an event that does not hold what a mail needs. */
export function toldBy(payload: unknown) {
  const { clientId, coachId, version, ...facts } = Told.parse(payload)
  return { clientId, coachId, version, facts }
}
