import { useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { useSession } from '../../../session/session.tsx'
import { useGuarded } from '../../../step-up/step-up.tsx'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import { ActFor, EndActing, GrantDelegation, RevokeDelegation } from './query.ts'

export type Grant = { email: string; scopes: string[]; expiresAt: string; reason: string | null }

type Answered = { __typename: string } | undefined

const refusals = {
  ValidationError: 'delegations.invalid',
  NotFoundError: 'delegations.nobody',
  ConflictError: 'delegations.refused',
} as const

/** Done when the graph says so by that type; refused with the text that explains it when not. */
const judged = (
  answer: Answered,
  error: CombinedError | undefined,
  done: { type: string; text: 'delegations.revoked' | 'delegations.acting' },
): ActionOutcome => {
  if (!answer) return { kind: 'failed', error }
  return answer.__typename === done.type
    ? { kind: 'done', text: done.text }
    : { kind: 'refused', text: 'delegations.gone' }
}

/** Giving rights to somebody else, taking them back, and using those that were given. */
export function useDelegations(onChanged: () => void) {
  const { refresh } = useSession()
  const [granting, runGrant] = useMutation(GrantDelegation)
  const [revoking, runRevoke] = useMutation(RevokeDelegation)
  const [acting, runAct] = useMutation(ActFor)
  const [ending, runEnd] = useMutation(EndActing)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)

  function settled(next: ActionOutcome): void {
    setOutcome(next)
    if (next.kind === 'done') onChanged()
  }

  async function granted(input: Grant): Promise<void> {
    const { data, error } = await runGrant({ input })
    const answer = data?.grantDelegation
    if (!answer) return settled({ kind: 'failed', error })
    if (answer.__typename === 'DelegationGranted')
      return settled({ kind: 'done', text: 'delegations.granted' })
    settled({ kind: 'refused', text: refusals[answer.__typename] })
  }

  async function revoke(id: string): Promise<void> {
    const { data, error } = await runRevoke({ id })
    const done = { type: 'DelegationRevoked', text: 'delegations.revoked' } as const
    settled(judged(data?.revokeDelegation, error, done))
  }

  async function actFor(id: string): Promise<void> {
    const { data, error } = await runAct({ id })
    const answer = data?.actFor
    // Everything that the page knows is somebody else's from here on.
    if (answer?.__typename === 'ActingStarted') return location.assign('/dashboard')
    const done = { type: 'ActingStarted', text: 'delegations.acting' } as const
    settled(judged(answer, error, done))
  }

  async function endActing(): Promise<void> {
    const { data, error } = await runEnd({})
    settled(data ? { kind: 'done', text: 'delegations.ended' } : { kind: 'failed', error })
    await refresh()
  }

  const grant = useGuarded('grantDelegation', (input: Grant) => void granted(input))
  const busy = granting.fetching || revoking.fetching || acting.fetching || ending.fetching
  return { grant, revoke, actFor, endActing, outcome, busy }
}
