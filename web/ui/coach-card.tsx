import { Link } from '@tanstack/react-router'
import type { CoachCard as Coach } from '../graph/fragments.ts'
import { formatInstant, languageName, visitorZone } from '../i18n/format.ts'
import { specialtyName } from '../i18n/specialties.ts'
import { useText } from '../i18n/text.ts'
import { Avatar } from './avatar.tsx'
import { Badge } from './badge.tsx'
import { Icon } from './icons.tsx'
import { Skeleton } from './skeleton.tsx'

const frame =
  'relative flex h-full flex-col rounded-xl border border-line bg-surface p-5 shadow-1 sm:p-6'

function NextFree({ instant }: { instant: string | null }) {
  const { t, tag } = useText()
  const time = instant && formatInstant(instant, 'moment', { tag, timeZone: visitorZone() })
  return (
    <p
      className={`flex items-center gap-2 text-sm ${time ? 'font-medium text-accent-ink' : 'text-ink-faint'}`}
    >
      <Icon name="clock" className="size-4" />
      {time ? t('coach.nextFree', { time }) : t('coach.noFree')}
    </p>
  )
}

/** A coach in a list; the whole card leads to the profile. */
export function CoachCard({ coach }: { coach: Coach }) {
  const { t, tag } = useText()
  const place = [coach.city, coach.languages.map((code) => languageName(code, tag)).join(', ')]
  return (
    <article
      className={`${frame} transition-[border-color,box-shadow] duration-200 hover:border-line-strong hover:shadow-2`}
    >
      <div className="flex items-center gap-4">
        <Avatar name={coach.displayName} size="lg" />
        <div className="min-w-0">
          <h3 className="truncate text-lg font-semibold">
            <Link
              to="/coaches/$slug"
              params={{ slug: coach.slug }}
              className="after:absolute after:inset-0 after:rounded-xl"
            >
              {coach.displayName}
            </Link>
          </h3>
          <p className="truncate text-sm text-ink-faint">{place.filter(Boolean).join(' · ')}</p>
        </div>
      </div>
      <p className="mt-4 line-clamp-2 min-h-12 text-ink-soft">{coach.headline}</p>
      <ul className="mt-4 flex min-h-6 flex-wrap gap-1.5">
        {coach.specialties.slice(0, 3).map((code) => (
          <li key={code}>
            <Badge>{specialtyName(code, t)}</Badge>
          </li>
        ))}
      </ul>
      <div className="mt-auto border-t border-line pt-4 max-sm:mt-5 sm:mt-5">
        <NextFree instant={coach.nextFreeSlot} />
      </div>
    </article>
  )
}

export const CoachCardSkeleton = () => (
  <div className={frame}>
    <div className="flex items-center gap-4">
      <Skeleton className="size-14" />
      <div className="flex-1">
        <Skeleton className="h-5 w-36" />
        <Skeleton className="mt-2 h-4 w-28" />
      </div>
    </div>
    <Skeleton className="mt-4 h-12 w-full" />
    <Skeleton className="mt-4 h-6 w-40" />
    <div className="mt-5 border-t border-line pt-4">
      <Skeleton className="h-5 w-44" />
    </div>
  </div>
)
