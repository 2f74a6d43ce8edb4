import { type Cache, type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import type { CancelBooking } from '../routes/bookings/query.ts'
import { BookingCard } from './fragments.ts'
import type { VariablesOf } from './tada.ts'

/** Values without an identity of their own: they live inside whatever holds them. */
const embedded = [
  'PageInfo',
  'PasswordPolicy',
  'Slots',
  'SlotDay',
  'Slot',
  'LocalRange',
  'Availability',
  'SlotHeld',
  'HoldReleased',
  'BookingConfirmed',
  'BookingCancelled',
  'AvailabilitySet',
  'ServiceUpserted',
  'CoachUpserted',
  'ProfileUpdated',
  'ValidationError',
  'NotFoundError',
  'ForbiddenError',
  'ConflictError',
  'SlotTakenError',
  'OutsidePolicyError',
  'HoldExpiredError',
  'StaleBookingError',
  'StaleVersionError',
]

function invalidate(cache: Cache, entity: string | null, fieldName: string): void {
  if (!entity) return
  for (const field of cache.inspectFields(entity))
    if (field.fieldName === fieldName) cache.invalidate(entity, field.fieldName, field.arguments)
}

/** My bookings and the free times changed: whoever shows them next asks again. */
function bookingsChanged(cache: Cache): void {
  const viewer = cache.resolve('Query', 'viewer')
  invalidate(cache, typeof viewer === 'string' ? viewer : null, 'bookings')
  invalidate(cache, 'Query', 'slots')
}

const changes = (field: 'slots' | 'bookings') => (_: unknown, __: unknown, cache: Cache) =>
  field === 'slots' ? invalidate(cache, 'Query', 'slots') : bookingsChanged(cache)

type CancelVariables = VariablesOf<typeof CancelBooking>

/** Shows the booking as cancelled at once; graphcache takes it back when the answer says otherwise. */
const cancelled = (
  { input }: { input: CancelVariables['input'] },
  cache: Cache,
  variables: { locale?: string },
) => {
  const booking = cache.readFragment(
    BookingCard,
    { __typename: 'Booking', id: input.bookingId },
    variables,
  )
  if (!booking) return null
  return {
    __typename: 'BookingCancelled',
    booking: { ...booking, status: 'CANCELLED_BY_CLIENT', canCancelUntil: null },
  }
}

const options: CacheExchangeOpts = {
  keys: Object.fromEntries(embedded.map((name) => [name, () => null])),
  resolvers: {
    Query: { coaches: relayPagination() },
    Viewer: { bookings: relayPagination() },
  },
  updates: {
    Mutation: {
      holdSlot: changes('bookings'),
      releaseHold: changes('bookings'),
      confirmBooking: changes('bookings'),
      cancelBooking: changes('slots'),
      upsertService: (_, __, cache) => cache.invalidate('Query', 'viewer'),
      setAvailability: (_, __, cache) => cache.invalidate('Query', 'viewer'),
      upsertCoach: (_, __, cache) => cache.invalidate('Query', 'viewer'),
    },
  },
  optimistic: {
    cancelBooking: (args, cache, info) =>
      // graphcache types arguments loosely; the registered document fixes their shape.
      cancelled(args as { input: CancelVariables['input'] }, cache, info.variables),
  },
}

export const graphCache = () => cacheExchange(options)
