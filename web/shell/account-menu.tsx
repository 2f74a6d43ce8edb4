import { Link, useLocation } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { signInUrl, useSession } from '../session/session.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Popup } from '../ui/popup.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const item =
  'flex min-h-10 w-full items-center rounded-md px-3 text-left text-sm text-ink hover:bg-hover'

/** Where a person may go; `role` says who alone is shown the way. */
const entries = [
  { to: '/dashboard', text: 'nav.dashboard' },
  { to: '/bookings', text: 'nav.bookings' },
  { to: '/workspace', text: 'nav.workspace', role: 'COACH' },
  { to: '/admin', text: 'nav.admin', role: 'ADMIN' },
  { to: '/security', text: 'nav.security' },
] as const

type ItemsProps = { name: string; roles: readonly string[]; close: () => void }

function Items({ name, roles, close }: ItemsProps) {
  const { t } = useText()
  const { signOut } = useSession()
  return (
    <>
      <p className="truncate border-b border-line px-3 pt-1.5 pb-2.5 text-sm font-medium">{name}</p>
      <ul className="mt-1.5">
        {entries.map(
          ({ to, text, ...entry }) =>
            (!('role' in entry) || roles.includes(entry.role)) && (
              <li key={to}>
                <Link to={to} className={item} onClick={close}>
                  {t(text)}
                </Link>
              </li>
            ),
        )}
        <li>
          <button type="button" className={item} onClick={() => void signOut()}>
            {t('account.signOut')}
          </button>
        </li>
      </ul>
    </>
  )
}

/** Sign in, or who is signed in. Its place is kept while the session is asked for. */
export function AccountMenu() {
  const { t } = useText()
  const { session } = useSession()
  const { href } = useLocation()
  if (session.state === 'loading') return <Skeleton className="h-10 w-20" />
  if (session.state === 'anonymous')
    return (
      <a href={signInUrl(href)} className={buttonClass({ variant: 'secondary', size: 'sm' })}>
        {t('account.signIn')}
      </a>
    )
  const { displayName, roles } = session
  return (
    <Popup
      label={t('account.menu', { name: displayName })}
      trigger={<Avatar name={displayName} size="sm" />}
      triggerClass="grid size-10 place-items-center rounded-md hover:bg-hover"
    >
      {(close) => <Items name={displayName} roles={roles} close={close} />}
    </Popup>
  )
}
