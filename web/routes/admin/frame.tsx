import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type MessageId, useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { StepUp } from '../../step-up/step-up.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Lock } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { SignInState } from '../../ui/states.tsx'
import { ListSkeleton } from './list-parts.tsx'

/** Somebody is signed in, but not as somebody who administers: said without blame, with a way on. */
function NotForYou({ name }: { name: string }) {
  const { t } = useText()
  const action = (
    <>
      <Link to="/bookings" className={buttonClass()}>
        {t('nav.bookings')}
      </Link>
      <Link to="/" className={buttonClass({ variant: 'secondary' })}>
        {t('admin.denied.home')}
      </Link>
    </>
  )
  return (
    <>
      <PageTitle title={t('admin.denied.title')} />
      <EmptyState icon={<Lock />} title={t('admin.denied.title')} action={action} level={1}>
        {t('admin.denied.body', { name })}
      </EmptyState>
    </>
  )
}

type FrameProps = { title: MessageId; lead: MessageId; isPart?: boolean; children: ReactNode }

/** Title and place of a page for administrators; what everybody else sees of it instead. */
export function AdminFrame({ title, lead, isPart = false, children }: FrameProps) {
  const { t } = useText()
  const { session } = useSession()
  if (session.state === 'anonymous')
    return <SignInState title={t('admin.signIn.title')} body={t('admin.signIn.body')} />
  if (session.state === 'signed-in' && !session.roles.includes('ADMIN'))
    return <NotForYou name={session.displayName} />
  return (
    <div className="mx-auto min-h-[70vh] max-w-5xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t(title)} />
      {isPart && (
        <Link
          to="/admin"
          className="-ml-1 inline-flex min-h-9 items-center gap-1 rounded-sm pr-2 text-sm font-medium text-ink-soft hover:text-ink"
        >
          <Icon name="left" className="size-4" />
          {t('admin.title')}
        </Link>
      )}
      <h1 className="text-3xl font-semibold">{t(title)}</h1>
      <p className="mt-2 max-w-2xl text-ink-soft">{t(lead)}</p>
      {session.state === 'loading' ? <ListSkeleton /> : <StepUp>{children}</StepUp>}
    </div>
  )
}
