import { useRef, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import type { Weakness } from '../../account/problems.ts'
import { CreateAccount } from '../../account/query.ts'
import { useProof } from '../../account/use-proof.ts'
import { useText } from '../../i18n/text.ts'

export type Refusal =
  | { kind: 'weak'; weakness: Weakness }
  | { kind: 'field'; field: string | null }
  | { kind: 'later'; seconds: number }
  | { kind: 'no-proof' }
  | { kind: 'failed'; error: CombinedError | undefined }

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()

/** Asks for an account; a key belongs to one intent and is kept until the graph has answered. */
export function useCreateAccount() {
  const { locale } = useText()
  const [, run] = useMutation(CreateAccount)
  const proof = useProof()
  const key = useRef<string>(null)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [sentTo, setSentTo] = useState<string | null>(null)

  async function asked(form: FormData): Promise<Refusal | null> {
    const found = await proof.take()
    if (!found) return { kind: 'no-proof' }
    key.current ??= crypto.randomUUID()
    const email = textIn(form, 'email')
    const input = {
      ...{ email, locale, proof: found, idempotencyKey: key.current },
      displayName: textIn(form, 'displayName'),
      password: String(form.get('password') ?? ''),
    }
    const { data, error } = await run({ input })
    const answer = data?.createAccount
    if (!answer) return { kind: 'failed', error }
    key.current = null
    switch (answer.__typename) {
      case 'AccountCreated':
        setSentTo(email)
        return null
      case 'WeakPasswordError':
        return { kind: 'weak', weakness: answer }
      case 'RateLimitedError':
        return { kind: 'later', seconds: answer.retryAfterSeconds }
      case 'ValidationError':
        return { kind: 'field', field: answer.path?.at(-1) ?? null }
    }
  }

  async function create(form: FormData): Promise<void> {
    setBusy(true)
    setRefusal(null)
    setRefusal(await asked(form))
    setBusy(false)
  }

  return { create, begin: proof.begin, busy, refusal, sentTo }
}
