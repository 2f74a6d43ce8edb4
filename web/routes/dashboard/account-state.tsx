import { Link } from '@tanstack/react-router'
import { useQuery } from 'urql'
import { serverNow } from '../../graph/clock.ts'
import type { ResultOf } from '../../graph/tada.ts'
import { formatInstant, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { Shield } from '../../ui/guard-glyphs.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { adviceFor, type SecurityState } from './advice.ts'
import { DashboardSecurity } from './query.ts'

type Viewer = NonNullable<ResultOf<typeof DashboardSecurity>['viewer']>

function Advised({ security }: { security: SecurityState }) {
  const { t } = useText()
  const advice = adviceFor(security, serverNow())
  if (advice.length === 0)
    return (
      <p className="flex items-start gap-2.5 text-sm text-positive">
        <Icon name="check" />
        {t('dashboard.safe')}
      </p>
    )
  return (
    <ul className="flex flex-col gap-3">
      {advice.map(({ text, hash }) => (
        <li key={hash}>
          <Link
            to="/security"
            hash={hash}
            className="flex min-h-11 items-center gap-2.5 rounded-md bg-caution-soft px-3 py-2 text-sm font-medium text-caution"
          >
            <Icon name="alert" />
            <span className="min-w-0 flex-1">{t(text)}</span>
            <Icon name="right" className="size-4" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** When the account was signed in to before now, if it is still known. */
const lastSignIn = (sessions: Viewer['sessions']): string | undefined =>
  sessions
    .filter(({ current }) => !current)
    .map(({ createdAt }) => createdAt)
    .sort()
    .at(-1)

function SignIns({ sessions }: Pick<Viewer, 'sessions'>) {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  const current = sessions.find((session) => session.current)
  const before = lastSignIn(sessions)
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {current && (
        <>
          <dt className="text-ink-faint">{t('dashboard.since')}</dt>
          <dd>{formatInstant(current.createdAt, 'moment', place)}</dd>
        </>
      )}
      {before && (
        <>
          <dt className="text-ink-faint">{t('dashboard.before')}</dt>
          <dd>{formatInstant(before, 'moment', place)}</dd>
        </>
      )}
      <dt className="text-ink-faint">{t('dashboard.sessions')}</dt>
      <dd>{t('dashboard.sessions.count', { count: sessions.length })}</dd>
    </dl>
  )
}

/** How safe the account is, what would help, and where it is in use. */
export function AccountState({ isExternal }: { isExternal: boolean }) {
  const { t } = useText()
  const [{ data, error }, ask] = useQuery({
    query: DashboardSecurity,
    requestPolicy: 'cache-and-network',
  })
  const viewer = data?.viewer
  return (
    <section
      aria-labelledby="safety"
      className="flex flex-col gap-5 self-start rounded-xl border border-line bg-surface p-5 shadow-1"
    >
      <h2 id="safety" className="flex items-center gap-2.5 text-lg font-semibold">
        <span className="text-accent-ink">
          <Shield />
        </span>
        {t('dashboard.account')}
      </h2>
      {!viewer && !error && <Skeleton className="h-24 w-full" />}
      {!viewer && error && (
        <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {viewer && !isExternal && <Advised security={viewer.security} />}
      {viewer && <SignIns sessions={viewer.sessions} />}
      <Link
        to="/security"
        className="inline-flex min-h-9 items-center self-start text-sm font-medium text-accent-ink underline underline-offset-2"
      >
        {t('dashboard.manage')}
      </Link>
    </section>
  )
}
