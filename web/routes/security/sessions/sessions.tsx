import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import { useText } from '../../../i18n/text.ts'
import { ActionNotice } from '../../../ui/action-notice.tsx'
import type { Question } from '../../../ui/ask.tsx'
import { Button } from '../../../ui/button.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { PanelSkeleton } from '../panel-skeleton.tsx'
import { MySessions, type Session } from '../query.ts'
import { Section } from '../section.tsx'
import { useRevoke } from './revoke.ts'
import { SessionRow } from './session-row.tsx'

// Few people end all at once: the dialog comes when it is asked for.
const Ask = lazy(async () => ({ default: (await import('../../../ui/ask.tsx')).Ask }))

type AtOnceProps = { others: number; busy: boolean; onOthers: () => void; onAll: () => void }

function AtOnce({ others, busy, onOthers, onAll }: AtOnceProps) {
  const { t } = useText()
  return (
    <div>
      <h3 className="font-medium">{t('security.actions')}</h3>
      <p className="text-sm text-ink-soft">{t('security.actions.lead')}</p>
      <div className="mt-3 flex flex-wrap gap-3 max-sm:*:w-full">
        {others > 0 && (
          <Button variant="secondary" busy={busy} onClick={onOthers}>
            {t('security.others')}
          </Button>
        )}
        <Button variant="danger" busy={busy} onClick={onAll}>
          {t('security.all')}
        </Button>
      </div>
    </div>
  )
}

type Actions = ReturnType<typeof useRevoke>

const questionsFor = (actions: Actions, others: number) => ({
  others: {
    title: 'security.others.title',
    body: 'security.others.body',
    values: { count: others },
    confirm: 'security.others',
    keep: 'security.keep',
    onConfirm: () => void actions.endOthers(),
  } satisfies Question,
  all: {
    title: 'security.all.title',
    body: 'security.all.body',
    confirm: 'security.all',
    keep: 'security.keep',
    onConfirm: () => void actions.endAll(),
  } satisfies Question,
})

type ListProps = {
  sessions: readonly Session[]
  reload: () => void
  onAll: (count: number) => void
}

function List({ sessions, reload, onAll }: ListProps) {
  const { t } = useText()
  const actions = useRevoke(reload, onAll)
  const [question, setQuestion] = useState<Question | null>(null)
  const others = sessions.filter(({ current }) => !current).length
  const questions = questionsFor(actions, others)
  return (
    <>
      {actions.outcome && (
        <ActionNotice outcome={actions.outcome} otherwise="security.revokeFailed" />
      )}
      <ul className="flex flex-col gap-3">
        {sessions.map((session) => (
          <li key={session.id}>
            <SessionRow
              session={session}
              busy={actions.ending === session.id}
              onRevoke={() => void actions.end(session.id)}
            />
          </li>
        ))}
      </ul>
      {others === 0 && <p className="text-sm text-ink-faint">{t('security.alone.body')}</p>}
      <AtOnce
        others={others}
        busy={actions.busy}
        onOthers={() => setQuestion(questions.others)}
        onAll={() => setQuestion(questions.all)}
      />
      {question && (
        <Suspense>
          <Ask question={question} onClose={() => setQuestion(null)} />
        </Suspense>
      )}
    </>
  )
}

/** Where the account is in use. */
export function Sessions({ onAll }: { onAll: (count: number) => void }) {
  const [{ data, error }, ask] = useQuery({
    query: MySessions,
    requestPolicy: 'cache-and-network',
  })
  const reload = () => ask({ requestPolicy: 'network-only' })
  const sessions = data?.viewer?.sessions
  return (
    <Section id="sessions" title="security.sessions" lead="security.sessions.lead">
      {sessions && <List sessions={sessions} reload={reload} onAll={onAll} />}
      {!sessions &&
        (error ? <ErrorState error={error} retry={reload} /> : <PanelSkeleton rows={2} />)}
    </Section>
  )
}
