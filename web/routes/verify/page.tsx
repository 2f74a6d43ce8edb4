import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useMutation } from 'urql'
import { AccountCard } from '../../account/card.tsx'
import { useLetterToken } from '../../account/letter-token.ts'
import { VerifyEmail } from '../../account/query.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Mail } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'

type EndProps = { icon: ReactNode; title: MessageId; body: MessageId; action: ReactNode }

function End({ icon, title, body, action }: EndProps) {
  const { t } = useText()
  return (
    <div role="status">
      <PageTitle title={t(title)} />
      <EmptyState icon={icon} title={t(title)} action={action} level={1}>
        {t(body)}
      </EmptyState>
    </div>
  )
}

function Verified() {
  const { t } = useText()
  const { session } = useSession()
  const isKnown = session.state === 'signed-in'
  const action = (
    <Link to={isKnown ? '/dashboard' : '/login'} className={buttonClass({ size: 'lg' })}>
      {t(isKnown ? 'verify.goOn' : 'account.signIn')}
    </Link>
  )
  return (
    <End
      icon={<Icon name="check" />}
      title="verify.done.title"
      body="verify.done.body"
      action={action}
    />
  )
}

function DeadLink() {
  const { t } = useText()
  const action = (
    <Link to="/login" className={buttonClass({ size: 'lg' })}>
      {t('account.signIn')}
    </Link>
  )
  return <End icon={<Mail />} title="verify.dead.title" body="verify.dead.body" action={action} />
}

/** Confirmed by a press: programs that look into letters open links, but press nothing. */
export function VerifyPage() {
  const { t } = useText()
  const token = useLetterToken()
  const [{ data, error, fetching }, verify] = useMutation(VerifyEmail)
  const [asked, setAsked] = useState(false)
  const answer = data?.verifyEmail.__typename
  if (!token || (answer && answer !== 'EmailVerified')) return <DeadLink />
  if (answer) return <Verified />
  const press = () => {
    setAsked(true)
    void verify({ token })
  }
  return (
    <AccountCard title={t('verify.title')} lead={t('verify.lead')}>
      {asked && error && <FailureNotice error={error} otherwise="verify.failed" />}
      <Button size="lg" busy={fetching} onClick={press}>
        {t('verify.submit')}
      </Button>
    </AccountCard>
  )
}
