import { useState } from 'react'
import { useMutation } from 'urql'
import { useSession } from '../../../session/session.tsx'
import { leaveSignedOut } from '../../../session/silent.ts'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import { RevokeAllSessions, RevokeOtherSessions, RevokeSession } from '../query.ts'

/** The three ways to end sessions. `onChanged` after each that did; `onAll` when this one ended too. */
export function useRevoke(onChanged: () => void, onAll: (count: number) => void) {
  const { refresh } = useSession()
  const [one, revokeOne] = useMutation(RevokeSession)
  const [others, revokeOthers] = useMutation(RevokeOtherSessions)
  const [everywhere, revokeAll] = useMutation(RevokeAllSessions)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  const [ending, setEnding] = useState<string | null>(null)

  async function end(id: string): Promise<void> {
    setOutcome(null)
    setEnding(id)
    const { data, error } = await revokeOne({ id })
    setEnding(null)
    // Not found: it had ended by itself, which is what was asked for.
    if (!data) return setOutcome({ kind: 'failed', error })
    setOutcome({ kind: 'done', text: 'security.revoked' })
    onChanged()
  }

  async function endOthers(): Promise<void> {
    setOutcome(null)
    const { data, error } = await revokeOthers({})
    if (!data) return setOutcome({ kind: 'failed', error })
    const { count } = data.revokeOtherSessions
    setOutcome({ kind: 'done', text: 'security.others.done', values: { count } })
    onChanged()
  }

  async function endAll(): Promise<void> {
    setOutcome(null)
    const { data, error } = await revokeAll({})
    if (!data) return setOutcome({ kind: 'failed', error })
    leaveSignedOut()
    onAll(data.revokeAllSessions.count)
    await refresh()
  }

  const busy = others.fetching || everywhere.fetching
  return { end, endOthers, endAll, outcome, busy, ending: one.fetching ? ending : null }
}
