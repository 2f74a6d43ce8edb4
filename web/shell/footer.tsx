import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/text.ts'
import { Mark } from '../ui/glyph.tsx'

const link = 'inline-flex min-h-8 items-center rounded-sm text-ink-soft hover:text-ink'

export function Footer() {
  const { t } = useText()
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-8 gap-y-3 px-4 py-8 text-sm text-ink-faint sm:px-6">
        <p className="mr-auto flex items-center gap-2.5">
          <Mark className="size-6" />
          {t('footer.tagline')}
        </p>
        <nav aria-label={t('footer.nav')} className="flex gap-6">
          <Link to="/coaches" className={link}>
            {t('nav.coaches')}
          </Link>
          <Link to="/bookings" className={link}>
            {t('nav.bookings')}
          </Link>
          <Link to="/status" className={link}>
            {t('footer.status')}
          </Link>
        </nav>
      </div>
    </footer>
  )
}
