import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { Mark } from '../ui/glyph.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Preferences } from './preferences.tsx'

const link =
  'inline-flex min-h-10 items-center rounded-md px-3 text-sm font-medium text-ink-soft hover:bg-hover hover:text-ink ' +
  'aria-[current=page]:text-ink'

export function Header() {
  const { t } = useText()
  return (
    <header className="border-b border-line bg-canvas">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-1 px-4 sm:gap-2 sm:px-6">
        <Link
          to="/"
          aria-label={t('nav.home')}
          className="mr-auto inline-flex min-h-10 items-center gap-2.5 rounded-md pr-2 sm:mr-4"
        >
          <Mark />
          <span className="hidden text-lg font-semibold tracking-tight min-[400px]:inline">
            Plexus
          </span>
        </Link>
        <nav aria-label={t('nav.main')} className="flex sm:mr-auto">
          <Link to="/coaches" className={link}>
            {t('nav.coaches')}
          </Link>
          <Link to="/bookings" className={`${link} max-sm:hidden`}>
            {t('nav.bookings')}
          </Link>
        </nav>
        <Preferences />
        <AccountMenu />
      </div>
    </header>
  )
}
