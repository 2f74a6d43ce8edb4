import { useState } from 'react'
import { useMutation } from 'urql'
import { formatCountdown, formatInstant, visitorZone } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import { type SignedIn, useSession } from '../../session/session.tsx'
import { Button } from '../../ui/button.tsx'
import { useRemaining } from '../../ui/use-remaining.ts'
import { EndImpersonation } from './query.ts'

const longMs = 3_600_000

/** To the second while it is minutes; a delegation may last for weeks. */
function TimeLeft({ until }: { until: string }) {
  const { t, tag } = useText()
  const left = useRemaining(until)
  const place = { tag, timeZone: visitorZone() }
  if (left > longMs)
    return <span>{t('impersonation.until', { date: formatInstant(until, 'day', place) })}</span>
  return (
    <span className="tabular-nums" role="timer">
      {t('impersonation.left', { time: formatCountdown(left) })}
    </span>
  )
}

/** Over every page while somebody looks with another person's eyes: who, as whom, how long, and the way out. */
export function ImpersonationBanner({ session, actor }: { session: SignedIn; actor: string }) {
  const { t } = useText()
  const { refresh } = useSession()
  const [{ fetching }, run] = useMutation(EndImpersonation)
  const [hasFailed, setFailed] = useState(false)
  async function end(): Promise<void> {
    setFailed(false)
    const { data } = await run({})
    if (!data) return setFailed(true)
    // The page starts anew as whoever it is then.
    await refresh()
  }
  return (
    <section aria-label={t('impersonation.label')} className="bg-caution-strong text-on-caution">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2 text-sm sm:px-6">
        <p className="min-w-0 flex-1 basis-64 wrap-anywhere">
          <strong className="font-semibold">
            {t('impersonation.who', { actor, name: session.displayName })}
          </strong>{' '}
          {session.readOnly && t('impersonation.readOnly')}{' '}
          {session.actingUntil && <TimeLeft until={session.actingUntil} />}
          {hasFailed && (
            <span role="alert" className="block font-medium">
              {t('impersonation.failed')}
            </span>
          )}
        </p>
        <Button variant="secondary" size="sm" busy={fetching} onClick={() => void end()}>
          {t('impersonation.end')}
        </Button>
      </div>
    </section>
  )
}
