import { type Locale, locales } from '../i18n/locale.ts'
import { useSession } from '../session/session.tsx'
import { type Theme, themes } from '../shell/theme.ts'
import { Choice } from './choice.tsx'
import type { TextId } from './texts.en.ts'

/** Languages are named in their own language, so that everyone finds theirs. */
const languageNames: Record<Locale, string> = { fr: 'Français', en: 'English' }

const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="var(--accent)" />
    <g fill="none" strokeWidth="2.1" stroke="var(--on-accent)">
      <circle cx="16" cy="12.4" r="5.6" />
      <circle cx="12.4" cy="18.6" r="5.6" />
      <circle cx="19.6" cy="18.6" r="5.6" />
    </g>
  </svg>
)

export type Look = {
  t: (id: TextId) => string
  locale: Locale
  theme: Theme
  onLocale: (locale: Locale) => void
  onTheme: (theme: Theme) => void
}

/** The way back, what this is, who is here, and the two choices of the whole product. */
export function Header({ t, locale, theme, onLocale, onTheme }: Look) {
  const { session } = useSession()
  return (
    <header className="bar">
      <a href="/admin" className="back" aria-label={t('back')}>
        <Mark />
        <span className="wide">{t('back')}</span>
      </a>
      <h1>{t('title')}</h1>
      {session.state === 'signed-in' && (
        <p className="who">{t('signedInAs').replace('{name}', session.displayName)}</p>
      )}
      <Choice
        label={t('language')}
        value={locale}
        options={locales.map((value) => ({ value, label: languageNames[value] }))}
        onChange={onLocale}
      />
      <Choice
        label={t('theme')}
        value={theme}
        options={themes.map((value) => ({ value, label: t(value) }))}
        onChange={onTheme}
      />
    </header>
  )
}
