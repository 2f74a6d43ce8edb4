import { formatCountdown } from '../../i18n/format.ts'
import { useText } from '../../i18n/text.ts'

const announcedSeconds = [300, 120, 60, 30, 10]

/** The last announced mark that has passed: screen readers hear five moments, not every second. */
export const announcedMark = (remainingMs: number): number | null =>
  announcedSeconds.findLast((mark) => remainingMs <= mark * 1_000) ?? null

export function Countdown({ remainingMs, totalMs }: { remainingMs: number; totalMs: number }) {
  const { t } = useText()
  const mark = announcedMark(remainingMs)
  const short = remainingMs <= 60_000
  return (
    <div className="mt-6">
      <div className="flex items-baseline justify-between gap-4 text-sm">
        <span className="text-ink-soft">{t('held.remaining')}</span>
        <span
          role="timer"
          className={`text-lg font-semibold tabular-nums ${short ? 'text-danger' : 'text-ink'}`}
        >
          {formatCountdown(remainingMs)}
        </span>
      </div>
      <div aria-hidden="true" className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={`h-full origin-left rounded-full transition-transform duration-1000 ease-linear ${short ? 'bg-danger' : 'bg-accent'}`}
          style={{ transform: `scaleX(${Math.min(1, remainingMs / totalMs)})` }}
        />
      </div>
      <p aria-live="polite" className="sr-only">
        {mark !== null && t('held.announce', { time: formatCountdown(mark * 1_000) })}
      </p>
    </div>
  )
}
