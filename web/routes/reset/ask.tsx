import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type CombinedError, useMutation } from 'urql'
import { AccountCard, footLink } from '../../account/card.tsx'
import { RequestPasswordReset } from '../../account/query.ts'
import { Sent } from '../../account/sent.tsx'
import { TooMany } from '../../account/too-many.tsx'
import { useProof } from '../../account/use-proof.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

type Refusal =
  | { kind: 'later'; seconds: number }
  | { kind: 'no-proof' }
  | { kind: 'failed'; error: CombinedError | undefined }

function useRequest() {
  const [, run] = useMutation(RequestPasswordReset)
  const proof = useProof()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [sentTo, setSentTo] = useState<string | null>(null)
  async function asked(email: string): Promise<Refusal | null> {
    const found = await proof.take()
    if (!found) return { kind: 'no-proof' }
    const { data, error } = await run({ input: { email, proof: found } })
    const answer = data?.requestPasswordReset
    if (!answer) return { kind: 'failed', error }
    if (answer.__typename === 'RateLimitedError')
      return { kind: 'later', seconds: answer.retryAfterSeconds }
    setSentTo(email)
    return null
  }
  async function request(email: string): Promise<void> {
    setBusy(true)
    setRefusal(null)
    setRefusal(await asked(email))
    setBusy(false)
  }
  return { request, begin: proof.begin, busy, refusal, sentTo }
}

export function Ask() {
  const { t } = useText()
  const { request, begin, busy, refusal, sentTo } = useRequest()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get('email') ?? '').trim()
    if (!busy) void request(email)
  }
  if (sentTo) return <Sent title="reset.sent.title" body="reset.sent.body" email={sentTo} />
  const foot = (
    <Link to="/login" className={footLink}>
      {t('sent.login')}
    </Link>
  )
  return (
    <AccountCard title={t('reset.title')} lead={t('reset.lead')} foot={foot}>
      <form onSubmit={submit} onFocus={begin} className="flex flex-col gap-5">
        {refusal?.kind === 'later' && <TooMany seconds={refusal.seconds} />}
        {refusal?.kind === 'no-proof' && <Notice tone="danger">{t('proof.failed')}</Notice>}
        {refusal?.kind === 'failed' && (
          <FailureNotice error={refusal.error} otherwise="reset.failed" />
        )}
        <TextField
          label={t('account.email')}
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
        />
        <Button type="submit" size="lg" busy={busy}>
          {t('reset.submit')}
        </Button>
      </form>
    </AccountCard>
  )
}
