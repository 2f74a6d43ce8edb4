import { paged, requires } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { BookingConnectionType, bookingArguments, bookingsOf } from '../booking/list.ts'
import { builder } from '../builder.ts'

const ViewerType = builder.objectRef<{ id: string }>('Viewer').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Viewer', id) }),
    bookings: t.field({
      ...requires(['self']),
      ...paged,
      type: BookingConnectionType,
      description: 'Bookings made by or for the caller as a client.',
      args: bookingArguments,
      resolve: ({ id }, args, context) => bookingsOf({ side: 'client', id }, args, context),
    }),
  }),
})

builder.asEntity(ViewerType, {
  key: builder.selection<{ id: string }>('id'),
  // A viewer is only ever oneself.
  resolveReference: ({ id }, { viewer }) =>
    viewer && fromGlobalId('Viewer', id) === viewer.id ? { id: viewer.id } : null,
})
