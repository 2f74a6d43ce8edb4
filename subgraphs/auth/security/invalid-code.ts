import type { UserError } from '#kit/user-error'
import { builder, UserErrorType } from '../builder.ts'
import type { Refusal } from './prove.ts'

export type InvalidCode = UserError<'InvalidCodeError'> & {
  readonly attemptsLeft: number
  readonly lockedUntil: Date | null
}

export const InvalidCodeErrorType = builder.objectRef<InvalidCode>('InvalidCodeError').implement({
  description: 'A code that is wrong, was used before, or came while codes are locked.',
  interfaces: [UserErrorType],
  fields: (t) => ({
    attemptsLeft: t.exposeInt('attemptsLeft', {
      description: 'How many wrong codes in a row are free before codes are locked for a while.',
    }),
    lockedUntil: t.expose('lockedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when no code is looked at; null while codes are.',
    }),
  }),
})

/** One answer, whatever was wrong with the code. */
export function invalidCode(refusal: Refusal): InvalidCode {
  const isLocked = refusal.outcome === 'locked'
  return {
    __typename: 'InvalidCodeError',
    code: 'INVALID_CODE',
    message: isLocked
      ? 'Too many wrong codes. Try again later.'
      : 'This code is not valid, or it was used before.',
    path: null,
    attemptsLeft: isLocked ? 0 : refusal.attemptsLeft,
    lockedUntil: isLocked ? refusal.until : null,
  }
}
