import { fromGlobalId, toGlobalId } from '#kit/id'
import { builder } from '../builder.ts'

/** A coach is a person whom `users` knows; here they are only the uuid that owns hours and services. */
export const CoachType = builder.objectRef<{ id: string }>('Coach').implement({
  fields: (t) => ({ id: t.id({ resolve: ({ id }) => toGlobalId('Coach', id) }) }),
})

builder.asEntity(CoachType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: (reference) => {
    const id = fromGlobalId('Coach', reference.id)
    return id ? { id } : null
  },
})
