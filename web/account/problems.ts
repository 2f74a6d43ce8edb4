import type { ResultOf } from '../graph/tada.ts'
import type { MessageId } from '../i18n/text.ts'
import type { CreateAccount } from './query.ts'

type Answer = ResultOf<typeof CreateAccount>['createAccount']

/** What the server said of a password that it refused. */
export type Weakness = Extract<Answer, { __typename: 'WeakPasswordError' }>

type Problem = Weakness['problems'][number]

/** What the server finds wrong with a password, in the reader's words. */
const texts: Record<Problem, MessageId> = {
  TOO_SHORT: 'problem.TOO_SHORT',
  TOO_LONG: 'problem.TOO_LONG',
  COMMON: 'problem.COMMON',
  PERSONAL: 'problem.PERSONAL',
  GUESSABLE: 'problem.GUESSABLE',
  BREACHED: 'problem.BREACHED',
  UNCHANGED: 'problem.UNCHANGED',
}

export const problemTexts = (problems: readonly Problem[]): MessageId[] =>
  problems.map((problem) => texts[problem])
