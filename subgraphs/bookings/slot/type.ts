import { seenBy } from '#kit/builder'
import { builder } from '../builder.ts'
import type { ServiceRow } from '../service/queries.ts'
import { localStartOf, type Offer } from './rules.ts'

/** An offer as it is shown: in a zone, and with a token under the service's present terms. */
export type OfferedSlot = {
  readonly offer: Offer
  readonly service: Pick<ServiceRow, 'id' | 'version'>
  readonly timeZone: string
}

export const SlotType = builder.objectRef<OfferedSlot>('Slot').implement({
  ...seenBy.everybody,
  description:
    'The token is signed and names service, start, policy version and expiry: only what was offered can be held.',
  fields: (t) => ({
    start: t.field({ type: 'DateTime', resolve: ({ offer }) => new Date(offer.start) }),
    end: t.field({ type: 'DateTime', resolve: ({ offer }) => new Date(offer.end) }),
    localStart: t.string({
      description: 'Wall-clock start in the asked zone, YYYY-MM-DDTHH:MM.',
      resolve: ({ offer, timeZone }) => localStartOf(offer, timeZone),
    }),
    seatsLeft: t.int({ resolve: ({ offer }) => offer.seatsLeft }),
    token: t.string({
      resolve: ({ offer, service }, _, { slotTokens, now }) =>
        slotTokens.sign(
          { serviceId: service.id, startsAt: new Date(offer.start), termsVersion: service.version },
          now(),
        ),
    }),
  }),
})
