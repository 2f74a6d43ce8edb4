import { open, seenBy } from '#kit/builder'
import { type UserError, userError } from '#kit/user-error'
import { builder } from '../builder.ts'
import type { Challenge } from './proof.ts'

const ProofOfWorkType = builder.objectRef<Challenge>('ProofOfWork').implement({
  ...seenBy.everybody,
  description:
    'Work that keeps robots from asking too often. A proof is `<challenge>:<counter>`, a decimal counter such that the SHA-256 of that text begins with `difficulty` zero bits. Each counts once.',
  fields: (t) => ({
    challenge: t.exposeString('challenge'),
    difficulty: t.exposeInt('difficulty', { description: 'Leading zero bits.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

builder.queryField('proofOfWork', (t) =>
  t.field({
    ...open,
    type: ProofOfWorkType,
    description: 'A new challenge. Nothing is kept of it until its proof is spent.',
    resolve: (_, __, { accounts }) => accounts.proofOfWork.newChallenge(),
  }),
)

/** For a proof that proves nothing, or was spent. */
export const unproven = (): UserError<'ValidationError'> =>
  userError('ValidationError', 'The proof of work does not count, or not any more.', ['proof'])
