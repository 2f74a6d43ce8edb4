import { useState } from 'react'
import { useMutation } from 'urql'
import { useGuarded } from '../../../step-up/step-up.tsx'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import { FinishPasskeyRegistration, RemovePasskey, StartPasskeyRegistration } from './query.ts'

/** A passkey to come: what it is called, and the password where the sign-in is a while ago. */
type Wish = { label: string; password: string | null }

/** Null when the person or the device said no. */
async function created(options: string): Promise<string | null> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  return startRegistration({ optionsJSON: JSON.parse(options) }).then(JSON.stringify, () => null)
}

/** Adds and removes passkeys. Whoever has a factor already shows it first. */
export function usePasskeys(hasFactor: boolean, onChanged: () => void) {
  const [, start] = useMutation(StartPasskeyRegistration)
  const [, finish] = useMutation(FinishPasskeyRegistration)
  const [, runRemove] = useMutation(RemovePasskey)
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ActionOutcome | null>(null)
  /** Given with a first factor. */
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  /** The wish that waits for the password. */
  const [waiting, setWaiting] = useState<Wish | null>(null)

  async function registered(wish: Wish): Promise<ActionOutcome | null> {
    const { label, password } = wish
    const { data, error } = await start({ password })
    const started = data?.startPasskeyRegistration
    if (!started) return { kind: 'failed', error }
    if (started.__typename === 'ForbiddenError') {
      setWaiting(wish)
      return null
    }
    setWaiting(null)
    if (started.__typename !== 'PasskeyChallenge')
      return { kind: 'refused', text: 'passkeys.refused' }
    const response = await created(started.options)
    if (!response) return { kind: 'refused', text: 'passkeys.cancelled' }
    const finished = await finish({ input: { label, response } })
    const answer = finished.data?.finishPasskeyRegistration
    if (!answer) return { kind: 'failed', error: finished.error }
    if (answer.__typename !== 'PasskeyAdded') return { kind: 'refused', text: 'passkeys.refused' }
    setCodes(answer.recoveryCodes ?? null)
    onChanged()
    return { kind: 'done', text: 'passkeys.added', values: { label } }
  }

  async function removed(id: string): Promise<ActionOutcome> {
    const { data, error } = await runRemove({ id })
    if (!data) return { kind: 'failed', error }
    onChanged()
    // Not found: it was removed elsewhere, which is what was asked for.
    return { kind: 'done', text: 'passkeys.removed' }
  }

  async function during(act: () => Promise<ActionOutcome | null>): Promise<void> {
    setOutcome(null)
    setBusy(true)
    setOutcome(await act())
    setBusy(false)
  }

  const register = (wish: Wish) => void during(() => registered(wish))
  const addGuarded = useGuarded('addPasskey', (label: string) =>
    register({ label, password: null }),
  )
  const remove = useGuarded('removePasskey', (id: string) => void during(() => removed(id)))
  return {
    ...{ remove, busy, outcome, waiting, codes },
    add: (label: string) => (hasFactor ? addGuarded(label) : register({ label, password: null })),
    withPassword: (password: string) => waiting && register({ ...waiting, password }),
    forget: () => setWaiting(null),
    codesKept: () => setCodes(null),
  }
}
