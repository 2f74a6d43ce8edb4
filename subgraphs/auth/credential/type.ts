import { open, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { type UserError, userError } from '#kit/user-error'
import { builder, UserErrorType, ValidationErrorType } from '../builder.ts'
import { generatedEntropyBits, generatedLength, generatedPassword } from './generate.ts'
import type { WeakPassword } from './judge.ts'
import { passwordPolicy, passwordProblems } from './strength.ts'

const PasswordProblemType = builder.enumType('PasswordProblem', { values: passwordProblems })

const PasswordPolicyType = builder.objectRef<typeof passwordPolicy>('PasswordPolicy').implement({
  ...seenBy.everybody,
  description: 'What a new password must be. There are no rules about kinds of characters.',
  fields: (t) => ({
    minLength: t.exposeInt('minLength', { description: 'Counted in characters, not bytes.' }),
    maxLength: t.exposeInt('maxLength'),
    minEntropyBits: t.exposeFloat('minEntropyBits', {
      description: 'The logarithm of the guesses that a good attacker must need.',
    }),
    refusesGuessable: t.exposeBoolean('refusesGuessable', {
      description:
        'True when well-known passwords, words, rows of the keyboard, repetitions and the own name or e-mail are known to whoever judges.',
    }),
  }),
})

builder.queryField('passwordPolicy', (t) =>
  t.field({
    ...open,
    ...kept(60),
    type: PasswordPolicyType,
    description: 'What a new password must be.',
    resolve: () => passwordPolicy,
  }),
)

export const WeakPasswordErrorType = builder
  .objectRef<WeakPassword>('WeakPasswordError')
  .implement({
    ...seenBy.everybody,
    interfaces: [UserErrorType],
    fields: (t) => ({
      problems: t.field({
        type: [PasswordProblemType],
        resolve: ({ problems }) => [...problems],
      }),
      entropyBits: t.exposeFloat('entropyBits', {
        description: 'The logarithm of the guesses that a good attacker needs.',
      }),
    }),
  })

export type InvalidCredential = UserError<'InvalidCredentialError'>
export const InvalidCredentialErrorType = builder
  .objectRef<InvalidCredential>('InvalidCredentialError')
  .implement({
    ...seenBy.everybody,
    description: 'One answer, whatever was wrong.',
    interfaces: [UserErrorType],
  })

export const invalidCredential = (path: readonly string[] | null = null): InvalidCredential => ({
  __typename: 'InvalidCredentialError',
  code: 'INVALID_CREDENTIAL',
  message: 'The e-mail address, the password or the code does not match, or the account is closed.',
  path,
})

export type RateLimited = UserError<'RateLimitedError'> & { readonly retryAfterSeconds: number }
export const RateLimitedErrorType = builder.objectRef<RateLimited>('RateLimitedError').implement({
  ...seenBy.everybody,
  interfaces: [UserErrorType],
  fields: (t) => ({ retryAfterSeconds: t.exposeInt('retryAfterSeconds') }),
})

export const rateLimited = (seconds: number): RateLimited => ({
  __typename: 'RateLimitedError',
  code: 'RATE_LIMITED',
  message: 'Too many tries. Try again later.',
  path: null,
  retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
})

/** For whoever is locked out until then. */
export const rateLimitedUntil = (until: Date, now: Date): RateLimited =>
  rateLimited((until.getTime() - now.getTime()) / 1_000)

export type ElsewhereManaged = UserError<'ManagedByProviderError'>
export const ManagedByProviderErrorType = builder
  .objectRef<ElsewhereManaged>('ManagedByProviderError')
  .implement({
    ...seenBy.everybody,
    description:
      "The sign-in provider's own pages are the way: `/auth/login?action=…` leads to them.",
    interfaces: [UserErrorType],
  })

export const managedByProvider = (): ElsewhereManaged => ({
  __typename: 'ManagedByProviderError',
  code: 'MANAGED_BY_PROVIDER',
  message: 'Your sign-in provider keeps your password. Change it on its pages.',
  path: null,
})

type Generated = { __typename: 'GeneratedPassword'; value: string; entropyBits: number }
const GeneratedPasswordType = builder.objectRef<Generated>('GeneratedPassword').implement({
  ...seenBy.everybody,
  description: 'A password that nobody knows but who asked. It is kept nowhere.',
  fields: (t) => ({
    value: t.exposeString('value', {
      description: 'With small and capital letters, digits and signs; each one is equally likely.',
    }),
    entropyBits: t.exposeFloat('entropyBits', { description: 'Exact, rounded down to a tenth.' }),
  }),
})

const GeneratePasswordResultType = builder.unionType('GeneratePasswordResult', {
  types: [GeneratedPasswordType, ValidationErrorType],
  resolveType: ({ __typename }) => __typename,
})

const { preset, min, max } = generatedLength

builder.mutationField('generatePassword', (t) =>
  t.field({
    ...open,
    type: GeneratePasswordResultType,
    description: `A password of ${min} to ${max} characters.`,
    args: { length: t.arg.int({ required: true, defaultValue: preset }) },
    resolve: (_, { length }) =>
      length < min || length > max
        ? userError('ValidationError', `Choose a length from ${min} to ${max}.`, ['length'])
        : {
            __typename: 'GeneratedPassword' as const,
            value: generatedPassword(length),
            entropyBits: generatedEntropyBits(length),
          },
  }),
)
