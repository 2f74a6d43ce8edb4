import { requires } from '#kit/builder'
import { violatedConstraint } from '#kit/constraint'
import { AppError } from '#kit/errors'
import { emit } from '#kit/outbox'

import { userError } from '#kit/user-error'
import { builder, ConflictErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import { ownCoachId } from './policy.ts'
import { type CoachProfile, upsertCoach } from './queries.ts'
import { coachProfileFrom } from './rules.ts'
import { CoachType } from './type.ts'

const CoachUpsertedType = builder
  .objectRef<{ __typename: 'CoachUpserted'; coachId: string }>('CoachUpserted')
  .implement({
    fields: (t) => ({ coach: t.field({ type: CoachType, resolve: (it) => it.coachId }) }),
  })

const UpsertCoachResultType = builder.unionType('UpsertCoachResult', {
  types: [CoachUpsertedType, ValidationErrorType, ConflictErrorType],
  resolveType: ({ __typename }) => __typename,
})

const UpsertCoachInputType = builder.inputType('UpsertCoachInput', {
  fields: (t) => ({
    slug: t.string({ required: true }),
    headline: t.string(),
    bioFr: t.string(),
    bioEn: t.string(),
    specialties: t.stringList({ required: true }),
    languages: t.stringList({ required: true }),
    city: t.string(),
    published: t.boolean({ required: true }),
  }),
})

const write = (db: Context['db'], profile: CoachProfile) =>
  db.write(async (sql) => {
    await upsertCoach(sql, profile)
    await emit(sql, {
      topic: 'users.coach-changed',
      entityId: profile.id,
      payload: { slug: profile.slug, published: profile.published },
    })
  })

/** What the constraints of table `coach` say, as an answer; null for every other error. */
function refusalOf(error: unknown) {
  const constraint = violatedConstraint(error)
  if (constraint === 'coach_slug_taken') {
    return userError('ConflictError', 'This address is taken. Choose another slug.', ['slug'])
  }
  if (constraint === 'coach_id_fkey') {
    return userError('ConflictError', 'Your profile is still being created. Try again in a moment.')
  }
  return null
}

builder.mutationField('upsertCoach', (t) =>
  t.field({
    ...requires(['coach']),
    type: UpsertCoachResultType,
    description: "Creates or replaces the caller's own coach profile.",
    args: { input: t.arg({ type: UpsertCoachInputType, required: true }) },
    resolve: async (_, { input }, { viewer, db }) => {
      const id = ownCoachId(viewer)
      if (!id) throw new AppError('FORBIDDEN', 'Only a coach has a coach profile.')
      const profile = coachProfileFrom(id, input)
      if ('__typename' in profile) return profile
      try {
        await write(db, profile)
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal) return refusal
        throw error
      }
      return { __typename: 'CoachUpserted' as const, coachId: id }
    },
  }),
)
