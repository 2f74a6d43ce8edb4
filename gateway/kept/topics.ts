import type { BusEvent } from '#kit/bus'
import { toGlobalId } from '#kit/id'
import { tagOfEntity, tagOfField, tagOfType } from './tags.ts'

/** What is no longer true after an event. */
type Change = {
  /** Types of the entity that the event is of. */
  readonly entities: readonly string[]
  /** Types of which other entities may be concerned, or new ones be there. */
  readonly types?: readonly string[]
  /** As `Type.field`. */
  readonly fields?: readonly string[]
  /** Another room copies what changed, and answers by its copy: it has it after so many milliseconds. */
  readonly againMs?: number
}

/** What is free depends on every booking of the coach. */
const freeTime = ['Query.slots', 'Coach.nextFreeSlot']

const booking: Change = { entities: ['Booking'], fields: freeTime }
const payment: Change = { entities: ['Payment'], types: ['Booking', 'Payment'] }

/** Which events end what is kept. `gateway/migrations` has the same list, for the bus. */
export const changes: Readonly<Record<string, Change>> = {
  'users.coach-changed': { entities: ['Coach'], fields: freeTime },
  'users.person-changed': { entities: ['User', 'Coach'] },
  'bookings.service-changed': { entities: ['Service'], fields: freeTime },
  'bookings.availability-changed': { entities: ['Coach'], fields: freeTime },
  'bookings.booking-held': booking,
  'bookings.booking-confirmed': booking,
  'bookings.booking-moved': booking,
  'bookings.booking-cancelled': booking,
  'bookings.booking-expired': booking,
  'bookings.booking-unseated': booking,
  'bookings.booking-payment-changed': booking,
  'billing.price-changed': { entities: ['Service'], fields: freeTime, againMs: 2_000 },
  'billing.payment-succeeded': payment,
  'billing.payment-failed': payment,
  'billing.payment-refunded': payment,
}

export const topics: readonly string[] = Object.keys(changes)

/** Every field that some event names. */
export const followedFields: ReadonlySet<string> = new Set(
  Object.values(changes).flatMap(({ fields = [] }) => fields),
)

/** What an event ends; nothing for one of a topic that is not followed. */
export function endedBy({ topic, entityId }: Pick<BusEvent, 'topic' | 'entityId'>) {
  const change = changes[topic]
  if (!change) return { tags: [], againMs: null }
  const { entities, types = [], fields = [], againMs = null } = change
  const ids = entities.map((type) => tagOfEntity(toGlobalId(type, entityId)))
  return {
    tags: [...ids, ...[...entities, ...types].map(tagOfType), ...fields.map(tagOfField)],
    againMs,
  }
}
