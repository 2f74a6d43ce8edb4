import { formatDate } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Days } from './days.tsx'
import type { State, Target } from './query.ts'

export const states: Record<State, { tone: Tone; text: MessageId; headline: MessageId }> = {
  UP: { tone: 'positive', text: 'health.up', headline: 'health.headline.up' },
  DEGRADED: { tone: 'caution', text: 'health.degraded', headline: 'health.headline.degraded' },
  DOWN: { tone: 'danger', text: 'health.down', headline: 'health.headline.down' },
  UNKNOWN: { tone: 'neutral', text: 'health.unknown', headline: 'health.headline.unknown' },
}

const names: Readonly<Record<string, MessageId>> = {
  api: 'health.name.api',
  database: 'health.name.database',
  gateway: 'health.name.gateway',
  'sign-in': 'health.name.signIn',
  website: 'health.name.website',
}

function Facts({ target }: { target: Target }) {
  const { t, tag } = useText()
  const { checkedAt, latencyMs, certificateEndsAt } = target
  return (
    <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-ink-soft tabular-nums">
      {latencyMs !== null && (
        <span>
          {t('health.latency', { ms: new Intl.NumberFormat(tag).format(Math.ceil(latencyMs)) })}
        </span>
      )}
      {certificateEndsAt && (
        <span>
          {t('health.certificate', {
            day: formatDate(certificateEndsAt.slice(0, 10), 'fullDay', tag),
          })}
        </span>
      )}
      {checkedAt ? (
        <span>
          {t('health.checked')} <Ago instant={checkedAt} />
        </span>
      ) : (
        <span>{t('health.never')}</span>
      )}
    </p>
  )
}

/** One part of the platform: its state in words, what was measured, and its last days. */
export function TargetRow({ target }: { target: Target }) {
  const { t } = useText()
  const name = names[target.name]
  const { tone, text } = states[target.state]
  return (
    <li className="px-5 py-5">
      <div className="flex items-start justify-between gap-4">
        <h2 className="font-medium">{name ? t(name) : target.name}</h2>
        <Badge tone={tone}>{t(text)}</Badge>
      </div>
      <Facts target={target} />
      <Days days={target.days} />
    </li>
  )
}
