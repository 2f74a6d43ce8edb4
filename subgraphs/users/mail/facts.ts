import { z } from 'zod'

const Money = z.object({ amount: z.int(), currency: z.string().length(3) })
const times = { startsAt: z.iso.datetime(), endsAt: z.iso.datetime() }

/** What `bookings` tells of a booking; it may say more. */
const Facts = z.object({
  ...times,
  reference: z.string(),
  serviceName: z.object({ fr: z.string(), en: z.string() }),
  location: z.enum(['ONLINE', 'ON_SITE', 'AT_CLIENT']),
  seats: z.int().default(1),
  price: Money.nullish().transform((price) => price ?? null),
  /** Of a moved booking: when it was. */
  before: z
    .object(times)
    .nullish()
    .transform((before) => before ?? null),
  /** Of a cancelled one. */
  refund: Money.nullish().transform((refund) => refund ?? null),
  cancelledBy: z
    .enum(['client', 'coach'])
    .nullish()
    .transform((side) => side ?? null),
  reason: z
    .string()
    .nullish()
    .transform((reason) => reason?.trim() || null),
})

const Told = Facts.extend({ clientId: z.uuid(), coachId: z.uuid(), version: z.int() })

/** What a mail row keeps of an event: nothing that names a person. */
export type Facts = z.output<typeof Facts>

/** Throws for an event that does not hold what a mail needs. */
export function toldBy(payload: unknown) {
  const { clientId, coachId, version, ...facts } = Told.parse(payload)
  return { clientId, coachId, version, facts }
}
