import { Link } from '@tanstack/react-router'
import type { CoachCard } from '../../graph/fragments.ts'
import { formatInstant, visitorZone, zoneLabel } from '../../i18n/format.ts'
import { specialtyName } from '../../i18n/specialties.ts'
import { useText } from '../../i18n/text.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

type Free = CoachCard & { nextFreeSlot: string }

const isFree = (coach: CoachCard): coach is Free => coach.nextFreeSlot !== null

const soonest = (coaches: readonly CoachCard[]): Free[] =>
  coaches
    .filter(isFree)
    .sort((a, b) => Date.parse(a.nextFreeSlot) - Date.parse(b.nextFreeSlot))
    .slice(0, 4)

const Row = ({ coach }: { coach: Free }) => {
  const { t, tag } = useText()
  const place = { tag, timeZone: visitorZone() }
  const [first] = coach.specialties
  return (
    <li className="relative flex items-center gap-4 px-5 py-4 transition-colors hover:bg-hover">
      <Avatar name={coach.displayName} />
      <div className="min-w-0 flex-1">
        <Link
          to="/coaches/$slug"
          params={{ slug: coach.slug }}
          className="block truncate font-medium after:absolute after:inset-0"
        >
          {coach.displayName}
        </Link>
        <p className="truncate text-sm text-ink-faint">{first && specialtyName(first, t)}</p>
      </div>
      <p className="text-right text-sm">
        <span className="block font-medium tabular-nums">
          {formatInstant(coach.nextFreeSlot, 'time', place)}
        </span>
        <span className="block text-ink-faint">
          {formatInstant(coach.nextFreeSlot, 'shortDay', place)}
        </span>
      </p>
      <Icon name="right" className="size-4 text-ink-faint" />
    </li>
  )
}

const Waiting = () => (
  <li className="flex items-center gap-4 px-5 py-4">
    <Skeleton className="size-12" />
    <div className="flex-1">
      <Skeleton className="h-5 w-32" />
      <Skeleton className="mt-2 h-4 w-20" />
    </div>
    <Skeleton className="h-9 w-16" />
  </li>
)

/** The soonest free times, live: the promise of the page, kept on the page. */
export function NextAvailable(props: { coaches: readonly CoachCard[]; fetching: boolean }) {
  const { t, tag } = useText()
  const rows = soonest(props.coaches)
  if (!props.fetching && rows.length === 0) return null
  return (
    <section
      aria-labelledby="next-available"
      aria-busy={props.fetching}
      className="overflow-hidden rounded-xl border border-line bg-surface shadow-3"
    >
      <header className="border-b border-line px-5 py-4">
        <h2 id="next-available" className="font-semibold">
          {t('home.next')}
        </h2>
        <p className="mt-0.5 text-sm text-ink-faint">
          {t('zone.yours', { zone: zoneLabel(visitorZone(), tag, Date.now()) })}
        </p>
      </header>
      <ul className="divide-y divide-line">
        {props.fetching && [0, 1, 2, 3].map((place) => <Waiting key={place} />)}
        {rows.map((coach) => (
          <Row key={coach.id} coach={coach} />
        ))}
      </ul>
    </section>
  )
}
