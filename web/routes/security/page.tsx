import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../i18n/text.ts'
import { signInUrl, useSession } from '../../session/session.tsx'
import { ActionNotice } from '../../ui/action-notice.tsx'
import type { Question } from '../../ui/ask.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { MySessions, type Session } from './query.ts'
import { useRevoke } from './revoke.ts'
import { SessionRow } from './session-row.tsx'

// Few people end all at once: the dialog comes when it is asked for.
const Ask = lazy(async () => ({ default: (await import('../../ui/ask.tsx')).Ask }))

function SessionsSkeleton() {
  const { t } = useText()
  return (
    <div className="mt-4 flex flex-col gap-3">
      <p role="status" className="sr-only">
        {t('loading')}
      </p>
      {[0, 1].map((place) => (
        <div key={place} className="flex gap-4 rounded-xl border border-line bg-surface p-5">
          <Skeleton className="size-11" />
          <div className="flex-1">
            <Skeleton className="h-6 w-40 max-w-full" />
            <Skeleton className="mt-1.5 h-5 w-56 max-w-full" />
            <Skeleton className="mt-1.5 h-5 w-44 max-w-full" />
          </div>
        </div>
      ))}
    </div>
  )
}

type AtOnceProps = { others: number; busy: boolean; onOthers: () => void; onAll: () => void }

function AtOnce({ others, busy, onOthers, onAll }: AtOnceProps) {
  const { t } = useText()
  return (
    <section aria-labelledby="at-once" className="border-t border-line pt-8">
      <h2 id="at-once" className="text-xl font-semibold">
        {t('security.actions')}
      </h2>
      <p className="mt-1 text-ink-soft">{t('security.actions.lead')}</p>
      <div className="mt-4 flex flex-wrap gap-3 max-sm:*:w-full">
        {others > 0 && (
          <Button variant="secondary" busy={busy} onClick={onOthers}>
            {t('security.others')}
          </Button>
        )}
        <Button variant="danger" busy={busy} onClick={onAll}>
          {t('security.all')}
        </Button>
      </div>
    </section>
  )
}

type SessionsProps = {
  sessions: readonly Session[]
  reload: () => void
  onAll: (n: number) => void
}

function Sessions({ sessions, reload, onAll }: SessionsProps) {
  const { t } = useText()
  const { end, endOthers, endAll, outcome, busy, ending } = useRevoke(reload, onAll)
  const [question, setQuestion] = useState<Question | null>(null)
  const others = sessions.filter(({ current }) => !current).length
  const askOthers = () =>
    setQuestion({
      title: 'security.others.title',
      body: 'security.others.body',
      values: { count: others },
      confirm: 'security.others',
      keep: 'security.keep',
      onConfirm: () => void endOthers(),
    })
  const askAll = () =>
    setQuestion({
      title: 'security.all.title',
      body: 'security.all.body',
      confirm: 'security.all',
      keep: 'security.keep',
      onConfirm: () => void endAll(),
    })
  return (
    <div className="mt-8 flex flex-col gap-8">
      <section aria-labelledby="sessions">
        <h2 id="sessions" className="text-xl font-semibold">
          {t('security.sessions')}
        </h2>
        <div className="mt-4 flex flex-col gap-3">
          {outcome && <ActionNotice outcome={outcome} otherwise="security.revokeFailed" />}
          <ul className="flex flex-col gap-3">
            {sessions.map((session) => (
              <li key={session.id}>
                <SessionRow
                  session={session}
                  busy={ending === session.id}
                  onRevoke={() => void end(session.id)}
                />
              </li>
            ))}
          </ul>
          {others === 0 && <p className="text-sm text-ink-faint">{t('security.alone.body')}</p>}
        </div>
      </section>
      <AtOnce others={others} busy={busy} onOthers={askOthers} onAll={askAll} />
      {question && (
        <Suspense>
          <Ask question={question} onClose={() => setQuestion(null)} />
        </Suspense>
      )}
    </div>
  )
}

function Content({ onAll }: { onAll: (count: number) => void }) {
  const [{ data, error }, ask] = useQuery({
    query: MySessions,
    requestPolicy: 'cache-and-network',
  })
  const reload = () => ask({ requestPolicy: 'network-only' })
  const sessions = data?.viewer?.sessions
  if (sessions) return <Sessions sessions={sessions} reload={reload} onAll={onAll} />
  return error ? <ErrorState error={error} retry={reload} /> : <SessionsSkeleton />
}

/** What remains of the page when every session has ended, the one that looked at it too. */
function SignedOut({ count }: { count: number }) {
  const { t } = useText()
  const action = (
    <a href={signInUrl('/security')} className={buttonClass({ size: 'lg' })}>
      {t('account.signIn')}
    </a>
  )
  return (
    <div role="status">
      <PageTitle title={t('security.all.done.title')} />
      <EmptyState
        icon={<Icon name="check" />}
        title={t('security.all.done.title')}
        action={action}
        level={1}
      >
        {t('security.all.done.body', { count })}
      </EmptyState>
    </div>
  )
}

export function SecurityPage() {
  const { t } = useText()
  const { session } = useSession()
  const [ended, setEnded] = useState<number | null>(null)
  if (ended !== null) return <SignedOut count={ended} />
  if (session.state === 'anonymous')
    return <SignInState title={t('security.signIn.title')} body={t('security.signIn.body')} />
  return (
    <div className="mx-auto min-h-[70vh] max-w-3xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('security.title')} />
      <h1 className="text-3xl font-semibold">{t('security.title')}</h1>
      <p className="mt-2 text-ink-soft">{t('security.lead')}</p>
      {session.state === 'loading' ? <SessionsSkeleton /> : <Content onAll={setEnded} />}
    </div>
  )
}
