import type { ResultOf } from '../../graph/tada.ts'
import type { MessageId } from '../../i18n/text.ts'
import type { DashboardSecurity } from './query.ts'

type Viewer = NonNullable<ResultOf<typeof DashboardSecurity>['viewer']>
export type SecurityState = Viewer['security']

export type Advice = { text: MessageId; hash: string }

const soonMs = 14 * 86_400_000
const fewCodes = 3

const hasSecondFactor = ({ totpEnabled, passkeys }: SecurityState): boolean =>
  totpEnabled || passkeys.length > 0

const rules: readonly (Advice & { holds: (state: SecurityState, nowMs: number) => boolean })[] = [
  {
    text: 'dashboard.advice.email',
    hash: 'email',
    holds: ({ emailVerified }) => !emailVerified,
  },
  {
    text: 'dashboard.advice.password',
    hash: 'password',
    holds: ({ passwordExpiresAt }, nowMs) =>
      passwordExpiresAt !== null && Date.parse(passwordExpiresAt) - nowMs < soonMs,
  },
  {
    text: 'dashboard.advice.twoStep',
    hash: 'two-step',
    holds: (state) => !hasSecondFactor(state),
  },
  {
    text: 'dashboard.advice.codes',
    hash: 'recovery',
    holds: (state) => hasSecondFactor(state) && state.recoveryCodesLeft < fewCodes,
  },
]

/** What would make the account safer, the most urgent first; empty when all is well. */
export const adviceFor = (state: SecurityState, nowMs: number): Advice[] =>
  rules.filter(({ holds }) => holds(state, nowMs)).map(({ text, hash }) => ({ text, hash }))
