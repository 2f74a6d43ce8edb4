import { formatInstant, visitorZone } from '../i18n/format.ts'
import { useText } from '../i18n/text.ts'

/** The day of an instant, as on a calendar of leaves; a sentence beside it says it in words. */
export function DayLeaf({ startsAt }: { startsAt: string }) {
  const { tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  return (
    <div
      aria-hidden="true"
      className="flex h-16 w-14 shrink-0 flex-col items-center justify-center rounded-lg bg-accent-soft text-accent-ink"
    >
      <span className="text-xs font-medium">{formatInstant(startsAt, 'month', place)}</span>
      <span className="text-xl leading-tight font-semibold tabular-nums">
        {formatInstant(startsAt, 'dayNumber', place)}
      </span>
    </div>
  )
}
