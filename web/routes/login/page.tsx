import { getRouteApi, Link } from '@tanstack/react-router'
import { AccountCard, footLink } from '../../account/card.tsx'
import { useText } from '../../i18n/text.ts'
import { signInUrl, useSession } from '../../session/session.tsx'
import { failureText } from '../../shell/signin-failure.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useProviderLabel } from './use-provider-label.ts'

const route = getRouteApi('/login')
const wide = `${buttonClass({ size: 'lg' })} w-full`

/** The path of a page here: whatever else an address names is not gone to. */
const pathFrom = (returnTo: string | undefined): string =>
  returnTo && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/dashboard'

function Known({ name, returnTo }: { name: string; returnTo: string }) {
  const { t } = useText()
  const { signOut } = useSession()
  return (
    <>
      <p className="flex items-center gap-3 rounded-lg bg-sunken p-3">
        <Avatar name={name} size="sm" />
        <span className="min-w-0 truncate font-medium">{name}</span>
      </p>
      <a href={returnTo} className={wide}>
        {t('login.goOn')}
      </a>
      <button
        type="button"
        onClick={() => void signOut()}
        className={`${buttonClass({ variant: 'quiet' })} w-full`}
      >
        {t('login.other')}
      </button>
    </>
  )
}

function SignIn({ returnTo }: { returnTo: string }) {
  const { t } = useText()
  const label = useProviderLabel()
  return (
    <>
      <a href={signInUrl(returnTo)} className={wide}>
        {label ? t('login.with', { label }) : t('account.signIn')}
      </a>
      <p className="text-sm text-ink-soft">
        {t('login.forgotten')}{' '}
        <Link to="/reset" className={footLink}>
          {t('login.reset')}
        </Link>
      </p>
    </>
  )
}

/** Who are you? The password itself is asked for by the provider, never by this page. */
export function LoginPage() {
  const { t } = useText()
  const { session } = useSession()
  const { returnTo: wanted, signin, reason = '' } = route.useSearch()
  const returnTo = pathFrom(wanted)
  const isKnown = session.state === 'signed-in'
  const foot = !isKnown && (
    <p>
      {t('login.new')}{' '}
      <Link to="/signup" className={footLink}>
        {t('account.signUp')}
      </Link>
    </p>
  )
  return (
    <AccountCard
      title={t(isKnown ? 'login.known' : 'login.title')}
      lead={isKnown ? undefined : t('login.lead')}
      foot={foot}
    >
      {signin === 'failed' && !isKnown && <Notice tone="caution">{t(failureText(reason))}</Notice>}
      {session.state === 'loading' && <Skeleton className="h-12 w-full" />}
      {session.state === 'anonymous' && <SignIn returnTo={returnTo} />}
      {isKnown && <Known name={session.displayName} returnTo={returnTo} />}
    </AccountCard>
  )
}
