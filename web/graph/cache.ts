import { type Cache, type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache'
import type { CancelBooking } from '../routes/bookings/query.ts'
import { BookingCard } from './fragments.ts'
import { joinedPages } from './pages.ts'
import type { VariablesOf } from './tada.ts'

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

const forgetBookings = (_: unknown, __: unknown, cache: Cache) => bookingsChanged(cache)

/** What a coach saved shows in the workspace and on their public page. */
const forgetCoach = (_: unknown, __: unknown, cache: Cache) => {
  cache.invalidate('Query', 'viewer')
  invalidate(cache, 'Query', 'coach')
  invalidate(cache, 'Query', 'slots')
}

const typeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '__typename' in value ? value.__typename : null

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
    booking: {
      ...booking,
      status: 'CANCELLED_BY_CLIENT',
      canCancelUntil: null,
      canRescheduleUntil: null,
      refundPreview: null,
    },
  }
}

/** Types with an `id` are entities; all others live inside whatever holds them, graphcache's default. */
const options: CacheExchangeOpts = {
  resolvers: {
    Query: {
      coaches: joinedPages,
      users: joinedPages,
      apiClients: joinedPages,
      apiKeys: joinedPages,
      auditEvents: joinedPages,
      payments: joinedPages,
      webhookDeliveries: joinedPages,
    },
    Viewer: { bookings: joinedPages },
    Coach: { bookings: joinedPages },
  },
  updates: {
    Mutation: {
      holdSlot: forgetBookings,
      releaseHold: forgetBookings,
      confirmBooking: forgetBookings,
      rescheduleBooking: forgetBookings,
      // Shown as cancelled at once; the list is asked for again only when the graph has agreed.
      cancelBooking: (result, _, cache, { optimistic }) => {
        if (!optimistic && typeOf(result.cancelBooking) === 'BookingCancelled')
          bookingsChanged(cache)
      },
      upsertService: forgetCoach,
      setServicePrice: forgetCoach,
      setAvailability: forgetCoach,
      upsertCoach: forgetCoach,
      createApiKey: (_, __, cache) => invalidate(cache, 'Query', 'apiKeys'),
      registerApiClient: (_, __, cache) => invalidate(cache, 'Query', 'apiClients'),
    },
  },
  optimistic: {
    cancelBooking: (args, cache, info) =>
      // graphcache types arguments loosely; the registered document fixes their shape.
      cancelled(args as { input: CancelVariables['input'] }, cache, info.variables),
  },
}

export const graphCache = () => cacheExchange(options)
