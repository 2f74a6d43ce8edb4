import { serverNow } from '../../graph/clock.ts'
import { formatDate } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'
import type { Target } from './query.ts'

const shownDays = 30
const dayMs = 24 * 3_600_000

/** The last thirty days in UTC, oldest first, each with the share of good answers; null where nobody looked. */
const lastDays = (days: Target['days'], nowMs: number) =>
  Array.from({ length: shownDays }, (_, index) => {
    const day = new Date(nowMs - (shownDays - 1 - index) * dayMs).toISOString().slice(0, 10)
    return { day, uptime: days.find((known) => known.day === day)?.uptime ?? null }
  })

const looks: readonly (readonly [number, string])[] = [
  [0.999, 'h-8 bg-positive'],
  [0.98, 'h-6 bg-caution'],
  [0, 'h-4 bg-danger'],
]
/** Height says the same as colour. */
const lookOf = (uptime: number | null): string =>
  uptime === null ? 'h-2 bg-line' : (looks.find(([least]) => uptime >= least)?.[1] ?? '')

/** A bar for each of the last thirty days, told in one sentence to whoever does not see them. */
export function Days({ days }: { days: Target['days'] }) {
  const { t, tag } = useText()
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 })
  const mean = days.reduce((sum, { uptime }) => sum + uptime, 0) / days.length
  const label =
    days.length === 0
      ? t('health.days.none')
      : t('health.days', { uptime: percent.format(mean), count: days.length })
  const titleOf = (day: string, uptime: number | null) =>
    `${formatDate(day, 'shortDay', tag)}: ${uptime === null ? t('health.days.unseen') : percent.format(uptime)}`
  return (
    <div className="mt-4">
      <div role="img" aria-label={label} className="flex h-8 items-end gap-px sm:gap-0.5">
        {lastDays(days, serverNow()).map(({ day, uptime }) => (
          <span
            key={day}
            title={titleOf(day, uptime)}
            className={`min-w-0 flex-1 rounded-xs ${lookOf(uptime)}`}
          />
        ))}
      </div>
      <p aria-hidden="true" className="mt-1.5 text-xs text-ink-faint">
        {label}
      </p>
    </div>
  )
}
