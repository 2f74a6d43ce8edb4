import { useState } from 'react'
import { useMutation } from 'urql'
import type { VariablesOf } from '../../../graph/tada.ts'
import { useGuarded } from '../../../step-up/step-up.tsx'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import type { Secret } from '../secret-panel.tsx'
import { type ApiKey, CreateApiKey, RevokeApiKey, RotateApiKey } from './query.ts'

export type NewKey = VariablesOf<typeof CreateApiKey>['input']
export type Rotation = { id: string; name: string; overlapHours: number }

const refusals = {
  ConflictError: 'admin.key.taken',
  ValidationError: 'form.invalid',
} as const

/** Makes, renews and ends keys; a new text is shown once. */
export function useKeys(onSecret: (secret: Secret) => void) {
  const [creating, runCreate] = useMutation(CreateApiKey)
  const [rotating, runRotate] = useMutation(RotateApiKey)
  const [revoking, runRevoke] = useMutation(RevokeApiKey)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)

  async function created(input: NewKey): Promise<void> {
    setOutcome(null)
    const { data, error } = await runCreate({ input })
    const answer = data?.createApiKey
    if (!answer) return setOutcome({ kind: 'failed', error })
    if (answer.__typename !== 'ApiKeyCreated')
      return setOutcome({ kind: 'refused', text: refusals[answer.__typename] })
    onSecret({ name: answer.key.name, clientId: null, secret: answer.secretShownOnce })
  }

  async function rotated({ id, name, overlapHours }: Rotation): Promise<void> {
    setOutcome(null)
    const { data, error } = await runRotate({ id, overlapHours })
    const answer = data?.rotateApiKey
    if (!answer) return setOutcome({ kind: 'failed', error })
    if (answer.__typename !== 'ApiKeyRotated')
      return setOutcome({ kind: 'refused', text: 'admin.key.gone', values: { name } })
    onSecret({ name, clientId: null, secret: answer.secretShownOnce })
  }

  async function revoked({ id, name }: Pick<ApiKey, 'id' | 'name'>): Promise<void> {
    setOutcome(null)
    const { data, error } = await runRevoke({ id })
    // Not found: it had ended, which is what was asked for.
    if (!data) return setOutcome({ kind: 'failed', error })
    setOutcome({ kind: 'done', text: 'admin.key.revoked', values: { name } })
  }

  const create = useGuarded('createApiKey', (input: NewKey) => void created(input))
  const rotate = useGuarded('rotateApiKey', (rotation: Rotation) => void rotated(rotation))
  const revoke = useGuarded('revokeApiKey', (key: ApiKey) => void revoked(key))
  const busy = creating.fetching || rotating.fetching || revoking.fetching
  return { create, rotate, revoke, outcome, busy }
}
