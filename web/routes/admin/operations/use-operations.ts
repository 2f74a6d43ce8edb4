import { useState } from 'react'
import { useMutation } from 'urql'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import { type Operation, RestoreOperation, RetireOperation } from './query.ts'

/** Takes an operation out of service, and back into it. */
export function useOperations() {
  const [retiring, runRetire] = useMutation(RetireOperation)
  const [restoring, runRestore] = useMutation(RestoreOperation)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)

  async function retire({ id, name }: Operation): Promise<void> {
    setOutcome(null)
    const { data, error } = await runRetire({ id })
    const answer = data?.retireOperation
    if (!answer) return setOutcome({ kind: 'failed', error })
    const done = answer.__typename === 'OperationRetired'
    const text = done ? 'admin.operation.retired.done' : 'admin.operation.gone'
    setOutcome({ kind: done ? 'done' : 'refused', text, values: { name } })
  }

  async function restore({ id, name }: Operation): Promise<void> {
    setOutcome(null)
    const { data, error } = await runRestore({ id })
    const answer = data?.restoreOperation
    if (!answer) return setOutcome({ kind: 'failed', error })
    const done = answer.__typename === 'OperationRestored'
    const text = done ? 'admin.operation.restored' : 'admin.operation.gone'
    setOutcome({ kind: done ? 'done' : 'refused', text, values: { name } })
  }

  return { retire, restore, outcome, busy: retiring.fetching || restoring.fetching }
}
