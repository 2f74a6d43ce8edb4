import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { type MessageId, useText } from '../i18n/text.ts'
import { buttonClass } from '../ui/button.tsx'
import { Mail } from '../ui/guard-glyphs.tsx'
import { PageTitle } from '../ui/page-title.tsx'

type SentProps = { title: MessageId; body: MessageId; email: string }

/** The same end for everybody: whether an address has an account is nobody else's business. */
export function Sent({ title, body, email }: SentProps) {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div
      ref={place}
      tabIndex={-1}
      role="status"
      data-focus-target
      className="mx-auto flex min-h-[70vh] max-w-md animate-rise flex-col items-center justify-center px-4 py-16 text-center"
    >
      <PageTitle title={t(title)} />
      <span className="grid size-14 place-items-center rounded-xl bg-accent-soft text-accent-ink *:size-7">
        <Mail />
      </span>
      <h1 className="mt-5 text-2xl font-semibold">{t(title)}</h1>
      <p className="mt-2 text-ink-soft wrap-anywhere">{t(body, { email })}</p>
      <p className="mt-4 text-sm text-ink-faint">{t('sent.spam')}</p>
      <Link to="/login" className={`mt-6 ${buttonClass({ variant: 'secondary' })}`}>
        {t('sent.login')}
      </Link>
    </div>
  )
}
