import type { CombinedError } from 'urql'
import { type Failure, failureFrom } from '../graph/failure.ts'
import { type MessageId, useText } from '../i18n/text.ts'
import { type Session, signInUrl, useSession } from '../session/session.tsx'
import { Notice } from './notice.tsx'

type Kind = Failure['kind'] | 'read-only'

const texts: Partial<Record<Kind, { title: MessageId; body: MessageId }>> = {
  offline: { title: 'failure.offline.title', body: 'failure.offline.body' },
  unavailable: { title: 'failure.unavailable.title', body: 'failure.unavailable.body' },
  'read-only': { title: 'failure.readOnly.title', body: 'failure.readOnly.body' },
  'signed-out': { title: 'failure.signedOut.title', body: 'failure.signedOut.body' },
}

/** What is denied is explained by who asks: nobody any more, or somebody who only looks. */
function kindFor(kind: Failure['kind'], session: Session): Kind {
  if (kind !== 'denied') return kind
  if (session.state === 'anonymous') return 'signed-out'
  return session.state === 'signed-in' && session.readOnly ? 'read-only' : kind
}

type FailureNoticeProps = { error: CombinedError | undefined; otherwise: MessageId }

/** Why an action failed and what helps, beside what was being done; `otherwise` when nothing is known. */
export function FailureNotice({ error, otherwise }: FailureNoticeProps) {
  const { t } = useText()
  const { session } = useSession()
  const failure = error && failureFrom(error)
  const kind = failure && kindFor(failure.kind, session)
  const known = kind && texts[kind]
  const action = kind === 'signed-out' && (
    <a
      href={signInUrl(location.pathname + location.search)}
      className="inline-flex min-h-9 items-center font-medium underline underline-offset-2"
    >
      {t('account.signIn')}
    </a>
  )
  return (
    <Notice tone="danger" action={action}>
      {known && <strong className="block font-semibold">{t(known.title)}</strong>}
      {t(known?.body ?? otherwise)}
      {failure?.requestId && (
        <span className="mt-1 block text-xs">
          {t('failure.reference')} <code className="font-mono break-all">{failure.requestId}</code>
        </span>
      )}
    </Notice>
  )
}
