import { useText } from '../../../i18n/text.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { deviceFrom } from '../../../ui/device.ts'
import type { Details } from './query.ts'

/** Where somebody is signed in. */
export function PersonSessions({ sessions }: Pick<Details, 'sessions'>) {
  const { t } = useText()
  if (sessions.length === 0)
    return <p className="text-sm text-ink-faint">{t('admin.person.sessions.none')}</p>
  return (
    <ul className="flex flex-col gap-2 text-sm">
      {sessions.map(({ id, device, ip, place, acr, impersonated, lastSeenAt }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">
            {deviceFrom(device)?.name ?? t('admin.person.device.unknown')}
          </span>
          <span className="text-ink-soft tabular-nums">
            {[place, ip].filter(Boolean).join(' · ')}
          </span>
          <span className="text-ink-faint">
            <Ago instant={lastSeenAt} />
          </span>
          {Number(acr) >= 2 && <Badge tone="positive">{t('admin.person.acr2')}</Badge>}
          {impersonated && <Badge tone="caution">{t('admin.person.impersonated')}</Badge>}
        </li>
      ))}
    </ul>
  )
}
