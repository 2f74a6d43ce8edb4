import { requires, requiresSteppedUp } from '#kit/builder'
import { fromGlobalId, toGlobalId } from '#kit/id'
import { userError } from '#kit/user-error'
import {
  builder,
  ConflictErrorType,
  ForbiddenErrorType,
  NotFoundErrorType,
  ValidationErrorType,
} from '../builder.ts'
import { addingFrom, ownerFrom } from '../security/standing.ts'
import type { PasskeyRow } from './queries.ts'
import { finishRegistration, startRegistration } from './registration.ts'
import { removePasskey } from './remove.ts'
import { finishVerification, startVerification } from './verification.ts'

export const PasskeyType = builder.objectRef<PasskeyRow>('Passkey').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => toGlobalId('Passkey', id) }),
    label: t.exposeString('label'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
})

const PasskeyChallengeType = builder
  .objectRef<{ readonly __typename: 'PasskeyChallenge'; readonly options: string }>(
    'PasskeyChallenge',
  )
  .implement({
    fields: (t) => ({
      options: t.exposeString('options', {
        description: 'For `navigator.credentials`, as JSON. It counts once, within five minutes.',
      }),
    }),
  })

const PasskeyChallengeResultType = builder.unionType('PasskeyChallengeResult', {
  types: [PasskeyChallengeType, ConflictErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

type Added = {
  readonly __typename: 'PasskeyAdded'
  readonly passkey: PasskeyRow
  readonly recoveryCodes: readonly string[] | null
}

const PasskeyAddedType = builder.objectRef<Added>('PasskeyAdded').implement({
  fields: (t) => ({
    passkey: t.field({ type: PasskeyType, resolve: ({ passkey }) => passkey }),
    recoveryCodes: t.stringList({
      nullable: true,
      description: 'Shown once, when this was the first factor; null otherwise.',
      resolve: ({ recoveryCodes }) => recoveryCodes && [...recoveryCodes],
    }),
  }),
})

const PasskeyResultType = builder.unionType('PasskeyResult', {
  types: [PasskeyAddedType, ValidationErrorType, ConflictErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

const PasskeyVerifiedType = builder
  .objectRef<{ readonly __typename: 'PasskeyVerified'; readonly acr: string }>('PasskeyVerified')
  .implement({
    fields: (t) => ({
      acr: t.exposeString('acr', { description: 'The level of the session from now on.' }),
    }),
  })

const VerifyPasskeyResultType = builder.unionType('VerifyPasskeyResult', {
  types: [PasskeyVerifiedType, ValidationErrorType],
  resolveType: ({ __typename }) => __typename,
})

const PasskeyRemovedType = builder
  .objectRef<{ readonly __typename: 'PasskeyRemoved'; readonly id: string }>('PasskeyRemoved')
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) })

const RemovePasskeyResultType = builder.unionType('RemovePasskeyResult', {
  types: [PasskeyRemovedType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const PasskeyInputType = builder.inputType('PasskeyInput', {
  fields: (t) => ({
    label: t.string({ required: true, description: 'What tells it apart from the others.' }),
    response: t.string({
      required: true,
      description: 'What `navigator.credentials.create` gave, as JSON.',
    }),
  }),
})

builder.mutationFields((t) => ({
  startPasskeyRegistration: t.field({
    ...requires(['self']),
    type: PasskeyChallengeResultType,
    description:
      'Begins to add a passkey. The first factor takes a recent sign-in or the password, another one the factor that is there.',
    args: { password: t.arg.string() },
    resolve: async (_, { password }, context) => {
      const adding = await addingFrom(context, password)
      return '__typename' in adding ? adding : startRegistration(context, adding)
    },
  }),
  finishPasskeyRegistration: t.field({
    ...requires(['self']),
    type: PasskeyResultType,
    description: 'Keeps the passkey that the browser made.',
    args: { input: t.arg({ type: PasskeyInputType, required: true }) },
    resolve: (_, { input }, context) => finishRegistration(context, input),
  }),
  startPasskeyVerification: t.field({
    ...requires(['self']),
    type: PasskeyChallengeResultType,
    description: "Begins to raise the session to level 2 by one of the caller's passkeys.",
    resolve: (_, __, context) => startVerification(context, ownerFrom(context)),
  }),
  finishPasskeyVerification: t.field({
    ...requires(['self']),
    type: VerifyPasskeyResultType,
    description: 'Raises the session to level 2.',
    args: {
      response: t.arg.string({
        required: true,
        description: 'What `navigator.credentials.get` gave, as JSON.',
      }),
    },
    resolve: (_, { response }, context) =>
      finishVerification(context, ownerFrom(context), response),
  }),
  removePasskey: t.field({
    ...requiresSteppedUp(['self']),
    type: RemovePasskeyResultType,
    description:
      "Removes one of the caller's passkeys. With the last factor its recovery codes go.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_, { id }, context) => {
      const passkeyId = fromGlobalId('Passkey', id)
      const removed = passkeyId && (await removePasskey(context, ownerFrom(context), passkeyId))
      return removed
        ? { __typename: 'PasskeyRemoved' as const, id }
        : userError('NotFoundError', 'You have no such passkey.', ['id'])
    },
  }),
}))
