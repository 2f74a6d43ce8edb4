import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useQuery } from 'urql'
import { localDateOf, visitorZone } from '../../i18n/format.ts'
import { type MessageId, useText } from '../../i18n/text.ts'
import { useSession } from '../../session/session.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, SignInState } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Agenda } from './agenda.tsx'
import { Hours, type HoursWindow } from './hours.tsx'
import { ProfileForm } from './profile-form.tsx'
import { Workspace } from './query.ts'
import { Services } from './services.tsx'

const route = getRouteApi('/workspace')
const parts = ['profile', 'services', 'hours', 'bookings'] as const
type Part = (typeof parts)[number]

const names: Record<Part, MessageId> = {
  profile: 'workspace.profile',
  services: 'workspace.services',
  hours: 'workspace.hours',
  bookings: 'workspace.bookings',
}

const yearMs = 365 * 86_400_000

/** The exceptions of the coming year travel with the hours, so that saving keeps them. */
const comingYear = (): HoursWindow => ({
  from: localDateOf(Date.now(), visitorZone()),
  to: localDateOf(Date.now() + yearMs, visitorZone()),
})

function Content({ part }: { part: Part }) {
  const { t } = useText()
  const [window] = useState(comingYear)
  const [{ data, error }, ask] = useQuery({ query: Workspace, variables: window })
  if (error && !data)
    return <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
  if (!data) return <Skeleton className="h-96 w-full" />
  const coach = data.viewer?.coach ?? null
  if (part === 'profile') return <ProfileForm profile={coach} />
  if (!coach)
    return (
      <EmptyState icon={<Icon name="person" />} title={t('workspace.first.title')}>
        {t('workspace.first.body')}
      </EmptyState>
    )
  if (part === 'services')
    return <Services services={coach.services.edges.map(({ node }) => node)} />
  if (part === 'bookings') return <Agenda coachId={coach.id} />
  const { availability } = coach
  return (
    <Hours
      hours={availability}
      timeZone={availability?.timeZone ?? coach.timeZone}
      window={window}
    />
  )
}

export function WorkspacePage() {
  const { t } = useText()
  const { session } = useSession()
  const { part: asked } = route.useSearch()
  const part = parts.find((known) => known === asked) ?? 'profile'
  if (session.state === 'anonymous')
    return <SignInState title={t('workspace.signIn.title')} body={t('workspace.signIn.body')} />
  if (session.state === 'signed-in' && !session.roles.includes('COACH'))
    return (
      <EmptyState icon={<Icon name="person" />} title={t('failure.denied.title')} level={1}>
        {t('failure.denied.body')}
      </EmptyState>
    )
  return (
    <div className="mx-auto max-w-3xl px-4 py-10 sm:px-6 sm:py-14">
      <PageTitle title={t('nav.workspace')} />
      <h1 className="text-3xl font-semibold">{t('nav.workspace')}</h1>
      <Tabs
        label={t('nav.workspace')}
        tabs={parts.map((name) => ({ name, label: t(names[name]), isCurrent: name === part }))}
        link={(name, look) => (
          <Link
            to="/workspace"
            search={name === 'profile' ? {} : { part: name }}
            activeOptions={{ exact: true }}
            {...look}
          />
        )}
      />
      <div className="mt-8">
        {session.state === 'loading' ? (
          <Skeleton className="h-96 w-full" />
        ) : (
          <Content part={part} />
        )}
      </div>
    </div>
  )
}
