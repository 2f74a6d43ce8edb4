import { requires, requiresSteppedUp } from '#kit/builder'
import { builder, ConflictErrorType, ForbiddenErrorType } from '../builder.ts'
import { InvalidCodeErrorType, invalidCode } from '../security/invalid-code.ts'
import { addingFrom, ownerFrom } from '../security/standing.ts'
import { disableTotp } from './disable.ts'
import { enrol, verifyTotp } from './enrolment.ts'

type Enrolment = {
  readonly __typename: 'TotpEnrolment'
  readonly secret: string
  readonly otpauthUrl: string
  readonly qrSvg: string
  readonly expiresAt: Date
}

const TotpEnrolmentType = builder.objectRef<Enrolment>('TotpEnrolment').implement({
  description: 'A secret for an authenticator app, told this once. A code of it confirms it.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'In base32, for typing it by hand.' }),
    otpauthUrl: t.exposeString('otpauthUrl'),
    qrSvg: t.exposeString('qrSvg', { description: 'The same address as a QR code: inline SVG.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

const EnrolTotpResultType = builder.unionType('EnrolTotpResult', {
  types: [TotpEnrolmentType, ConflictErrorType, ForbiddenErrorType],
  resolveType: ({ __typename }) => __typename,
})

type Verified = {
  readonly __typename: 'TotpVerified'
  readonly acr: string
  readonly recoveryCodes: readonly string[] | null
}

const TotpVerifiedType = builder.objectRef<Verified>('TotpVerified').implement({
  fields: (t) => ({
    acr: t.exposeString('acr', { description: 'The level of the session from now on.' }),
    recoveryCodes: t.stringList({
      nullable: true,
      description: 'Shown once, when this confirmed the first factor; null otherwise.',
      resolve: ({ recoveryCodes }) => recoveryCodes && [...recoveryCodes],
    }),
  }),
})

const VerifyTotpResultType = builder.unionType('VerifyTotpResult', {
  types: [TotpVerifiedType, InvalidCodeErrorType],
  resolveType: ({ __typename }) => __typename,
})

const TotpDisabledType = builder
  .objectRef<{ readonly __typename: 'TotpDisabled'; readonly at: Date }>('TotpDisabled')
  .implement({ fields: (t) => ({ at: t.expose('at', { type: 'DateTime' }) }) })

const DisableTotpResultType = builder.unionType('DisableTotpResult', {
  types: [TotpDisabledType, InvalidCodeErrorType],
  resolveType: ({ __typename }) => __typename,
})

const VerifyTotpInputType = builder.inputType('VerifyTotpInput', {
  fields: (t) => ({ code: t.string({ required: true }) }),
})

builder.mutationFields((t) => ({
  enrolTotp: t.field({
    ...requires(['self']),
    type: EnrolTotpResultType,
    description:
      'Begins to set up an authenticator app. The first factor takes a recent sign-in or the password, another one the factor that is there.',
    args: { password: t.arg.string() },
    resolve: async (_, { password }, context) => {
      const adding = await addingFrom(context, password)
      return '__typename' in adding ? adding : enrol(context, adding)
    },
  }),
  verifyTotp: t.field({
    ...requires(['self']),
    type: VerifyTotpResultType,
    description:
      'A code of the app: confirms the app that waits to be set up, or raises the session to level 2. A code counts once.',
    args: { input: t.arg({ type: VerifyTotpInputType, required: true }) },
    resolve: async (_, { input: { code } }, context) => {
      const proof = await verifyTotp(context, ownerFrom(context), code)
      return proof.outcome === 'proven'
        ? { __typename: 'TotpVerified' as const, ...proof.value }
        : invalidCode(proof)
    },
  }),
  disableTotp: t.field({
    ...requiresSteppedUp(['self']),
    type: DisableTotpResultType,
    description: 'Removes the authenticator app, by one more code of it or a recovery code.',
    args: { code: t.arg.string({ required: true }) },
    resolve: async (_, { code }, context) => {
      const proof = await disableTotp(context, ownerFrom(context), code)
      return proof.outcome === 'proven'
        ? { __typename: 'TotpDisabled' as const, at: proof.value }
        : invalidCode(proof)
    },
  }),
}))
