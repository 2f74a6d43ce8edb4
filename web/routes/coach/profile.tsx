import type { ReactNode } from 'react'
import { languageName } from '../../i18n/format.ts'
import { specialtyName } from '../../i18n/specialties.ts'
import { useText } from '../../i18n/text.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import type { Coach } from './query.ts'

const Fact = ({ icon, children }: { icon: IconName; children: ReactNode }) => (
  <span className="flex items-center gap-1.5">
    <Icon name={icon} className="size-4 text-ink-faint" />
    {children}
  </span>
)

export function Profile({ coach }: { coach: Coach }) {
  const { t, tag } = useText()
  const languages = coach.languages.map((code) => languageName(code, tag)).join(', ')
  return (
    <section aria-labelledby="coach-name" className="mt-6">
      <div className="flex items-center gap-4 sm:gap-6">
        <Avatar name={coach.displayName} size="xl" />
        <div className="min-w-0">
          <h1 id="coach-name" className="text-2xl font-semibold sm:text-3xl">
            {coach.displayName}
          </h1>
          {coach.headline && <p className="mt-1 text-ink-soft sm:text-lg">{coach.headline}</p>}
        </div>
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm text-ink-soft">
        {coach.city && <Fact icon="pin">{coach.city}</Fact>}
        {languages && <Fact icon="globe">{languages}</Fact>}
        <ul className="flex flex-wrap gap-1.5">
          {coach.specialties.map((code) => (
            <li key={code}>
              <Badge tone="accent">{specialtyName(code, t)}</Badge>
            </li>
          ))}
        </ul>
      </div>
      {coach.bio && <p className="mt-6 max-w-2xl whitespace-pre-line text-ink-soft">{coach.bio}</p>}
    </section>
  )
}
