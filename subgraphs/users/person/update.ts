import { signedIn } from '#kit/builder'
import { AppError } from '#kit/errors'
import { emit } from '#kit/outbox'
import type { Sql } from '#kit/postgres'
import type { UserError } from '#kit/user-error'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import { peopleByIds, updatePerson } from './queries.ts'
import { profileChangeFrom } from './rules.ts'
import { UserType } from './type.ts'

const ProfileUpdatedType = builder
  .objectRef<{ __typename: 'ProfileUpdated'; userId: string }>('ProfileUpdated')
  .implement({ fields: (t) => ({ user: t.field({ type: UserType, resolve: (it) => it.userId }) }) })

type StaleVersion = UserError<'StaleVersionError'> & { currentVersion: number }

const StaleVersionErrorType = builder.objectRef<StaleVersion>('StaleVersionError').implement({
  interfaces: [UserErrorType],
  fields: (t) => ({ currentVersion: t.exposeInt('currentVersion') }),
})

const staleVersion = (currentVersion: number): StaleVersion => ({
  __typename: 'StaleVersionError',
  code: 'STALE_VERSION',
  message:
    'The profile was changed elsewhere. Read it again and send your change with its version.',
  path: ['expectedVersion'],
  currentVersion,
})

const UpdateProfileResultType = builder.unionType('UpdateProfileResult', {
  types: [ProfileUpdatedType, ValidationErrorType, StaleVersionErrorType],
  resolveType: ({ __typename }) => __typename,
})

const UpdateProfileInputType = builder.inputType('UpdateProfileInput', {
  fields: (t) => ({
    displayName: t.string(),
    locale: t.string(),
    timeZone: t.field({ type: 'TimeZone' }),
    expectedVersion: t.int({ required: true }),
  }),
})

/** Whoever shows the person by their name hears of it, and of nothing that they wrote. */
async function update(sql: Sql, asked: Parameters<typeof updatePerson>[1]) {
  const updated = await updatePerson(sql, asked)
  if (updated) await emit(sql, { topic: 'users.person-changed', entityId: updated.id, payload: {} })
  return updated
}

builder.mutationField('updateProfile', (t) =>
  t.field({
    ...signedIn,
    type: UpdateProfileResultType,
    args: { input: t.arg({ type: UpdateProfileInputType, required: true }) },
    resolve: async (_, { input: { expectedVersion, ...input } }, { viewer, db }) => {
      const id = viewer?.id ?? ''
      const change = profileChangeFrom(input)
      if ('__typename' in change) return change
      const updated = await db.write((sql) => update(sql, { id, expectedVersion, change }))
      if (updated) return { __typename: 'ProfileUpdated' as const, userId: updated.id }
      const [current] = await db.read((sql) => peopleByIds(sql, [id]))
      if (!current)
        throw new AppError('NOT_FOUND', 'You have no profile yet. Try again in a moment.')
      return staleVersion(current.version)
    },
  }),
)
