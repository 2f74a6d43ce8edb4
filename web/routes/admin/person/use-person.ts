import { useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { VariablesOf } from '../../../graph/tada.ts'
import type { MessageId, Values } from '../../../i18n/text.ts'
import { useGuarded } from '../../../step-up/step-up.tsx'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import {
  DisableAccount,
  EnableAccount,
  RevokeUserSessions,
  SetAccountRoles,
  StartImpersonation,
} from './query.ts'

type RolesInput = VariablesOf<typeof SetAccountRoles>['input']
type AccessInput = VariablesOf<typeof DisableAccount>['input']
type LookInput = VariablesOf<typeof StartImpersonation>['input']

type Answer = { __typename: string } | undefined
type Told = { type: string; text: MessageId; values?: Values }

const refusals: Partial<Record<string, MessageId>> = {
  ValidationError: 'admin.person.invalid',
  NotFoundError: 'admin.person.gone',
  ForbiddenError: 'admin.person.forbidden',
}

/** Done when the graph says so by that type; else refused, with what explains it. */
function judged(
  answer: Answer,
  error: CombinedError | undefined,
  { type, ...done }: Told,
): ActionOutcome {
  if (!answer) return { kind: 'failed', error }
  if (answer.__typename === type) return { kind: 'done', ...done }
  return { kind: 'refused', text: refusals[answer.__typename] ?? 'admin.failed' }
}

type Settle = (act: () => Promise<ActionOutcome>) => Promise<void>

function useRoles(settle: Settle) {
  const [{ fetching }, run] = useMutation(SetAccountRoles)
  const setRoles = useGuarded(
    'setAccountRoles',
    (input: RolesInput) =>
      void settle(async () => {
        const { data, error } = await run({ input })
        const told = { type: 'AccountChanged', text: 'admin.person.roles.done' } as const
        return judged(data?.setAccountRoles, error, told)
      }),
  )
  return { setRoles, busy: fetching }
}

function useAccess(settle: Settle) {
  const [disabling, runDisable] = useMutation(DisableAccount)
  const [enabling, runEnable] = useMutation(EnableAccount)
  const disable = useGuarded(
    'disableAccount',
    (input: AccessInput) =>
      void settle(async () => {
        const { data, error } = await runDisable({ input })
        const told = { type: 'AccountChanged', text: 'admin.person.disabled' } as const
        return judged(data?.disableAccount, error, told)
      }),
  )
  const enable = useGuarded(
    'enableAccount',
    (input: AccessInput) =>
      void settle(async () => {
        const { data, error } = await runEnable({ input })
        const told = { type: 'AccountChanged', text: 'admin.person.enabled' } as const
        return judged(data?.enableAccount, error, told)
      }),
  )
  return { disable, enable, busy: disabling.fetching || enabling.fetching }
}

function useSessions(settle: Settle) {
  const [ending, runEnd] = useMutation(RevokeUserSessions)
  const [looking, runLook] = useMutation(StartImpersonation)
  const endSessions = useGuarded(
    'revokeUserSessions',
    (input: AccessInput) =>
      void settle(async () => {
        const { data, error } = await runEnd(input)
        const answer = data?.revokeUserSessions
        const count = answer?.__typename === 'SessionsRevoked' ? answer.count : 0
        const told = { type: 'SessionsRevoked', text: 'admin.person.ended' } as const
        return judged(answer, error, { ...told, values: { count } })
      }),
  )
  const look = useGuarded(
    'startImpersonation',
    (input: LookInput) =>
      void settle(async () => {
        const { data, error } = await runLook({ input })
        const answer = data?.startImpersonation
        // Everything that the page knows is somebody else's from here on.
        if (answer?.__typename === 'ImpersonationStarted') location.assign('/dashboard')
        const told = { type: 'ImpersonationStarted', text: 'admin.person.looking' } as const
        return judged(answer, error, told)
      }),
  )
  return { endSessions, look, busy: ending.fetching || looking.fetching }
}

/** What an administrator does about one person. Each that hurts is asked for with a second factor. */
export function usePerson(onChanged: () => void) {
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const settle: Settle = async (act) => {
    setOutcome(null)
    const next = await act()
    setOutcome(next)
    if (next.kind === 'done') onChanged()
  }
  const roles = useRoles(settle)
  const access = useAccess(settle)
  const sessions = useSessions(settle)
  const busy = roles.busy || access.busy || sessions.busy
  return { ...roles, ...access, ...sessions, busy, outcome }
}
