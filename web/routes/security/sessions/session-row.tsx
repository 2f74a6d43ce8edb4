import { formatInstant, visitorZone } from '../../../i18n/format.ts'
import { useText } from '../../../i18n/text.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { deviceFrom } from '../../../ui/device.ts'
import { Phone } from '../../../ui/guard-glyphs.tsx'
import { Icon } from '../../../ui/icons.tsx'
import type { Session } from '../query.ts'

/** Stands in a sentence where an element comes. */
const place = '\u0001'

/** The sentence with the time inside it: the time is an element of its own, with the exact one to read. */
function LastSeen({ instant }: { instant: string }) {
  const { t } = useText()
  const [before, after] = t('security.lastSeen', { ago: place }).split(place)
  return (
    <>
      {before}
      <Ago instant={instant} />
      {after}
    </>
  )
}

type SessionRowProps = { session: Session; busy: boolean; onRevoke: () => void }

/** One place where the account is in use; the session that looks is marked and cannot end itself here. */
export function SessionRow({ session, busy, onRevoke }: SessionRowProps) {
  const { t, tag } = useText()
  const device = deviceFrom(session.device)
  const name = device?.name ?? t('security.device.unknown')
  const ip = session.ip || t('security.ip.unknown')
  const time = formatInstant(session.createdAt, 'moment', { tag, timeZone: visitorZone() })
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4 shadow-1 sm:p-5">
      <span className="grid size-11 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
        {device?.isPhone ? <Phone /> : <Icon name="screen" />}
      </span>
      <div className="min-w-0 flex-1 basis-48">
        <h3
          className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium"
          title={session.device}
        >
          {name}
          {session.current && <Badge tone="accent">{t('security.current')}</Badge>}
          {Number(session.acr) >= 2 && <Badge tone="positive">{t('security.acr2')}</Badge>}
          {session.impersonated && <Badge tone="caution">{t('security.impersonated')}</Badge>}
        </h3>
        <p className="mt-0.5 text-sm text-ink-soft">
          {session.place && <>{session.place} · </>}
          <span className="break-all tabular-nums">{ip}</span> ·{' '}
          {session.current ? t('security.now') : <LastSeen instant={session.lastSeenAt} />}
        </p>
        <p className="text-sm text-ink-faint">{t('security.since', { time })}</p>
      </div>
      {!session.current && (
        <Button variant="secondary" size="sm" busy={busy} onClick={onRevoke}>
          {t('security.revoke')}
          <span className="sr-only">{t('security.revoke.name', { device: name, ip })}</span>
        </Button>
      )}
    </article>
  )
}
