import { lazy, Suspense, useEffect, useState } from 'react'
import { type Locale, storedLocale, storeLocale, visitorLocale } from '../i18n/locale.ts'
import { chooseTheme, storedTheme, type Theme } from '../shell/theme.ts'
import { Boundary } from './boundary.tsx'
import { Header } from './header.tsx'
import type { TextId } from './texts.en.ts'
import { texts } from './texts.ts'

/** The language and the theme that the visitor has chosen in the app, and may change here for both. */
function useChoices() {
  const [locale, setLocale] = useState(() => storedLocale() ?? visitorLocale(navigator.languages))
  const [theme, setTheme] = useState(storedTheme)
  useEffect(() => {
    document.documentElement.lang = locale
    document.title = `${texts[locale].title} · Plexus`
  }, [locale])
  return {
    locale,
    theme,
    t: (id: TextId): string => texts[locale][id],
    onLocale: (chosen: Locale) => {
      storeLocale(chosen)
      setLocale(chosen)
    },
    onTheme: (chosen: Theme) => {
      chooseTheme(chosen)
      setTheme(chosen)
    },
  }
}

/** The tool is forty times the page around it: the page is there first. */
const Tool = lazy(async () => ({ default: (await import('./tool.tsx')).Tool }))

function Failed({ t }: { t: (id: TextId) => string }) {
  return (
    <div role="alert" className="state">
      <p>{t('failed')}</p>
      <button type="button" onClick={() => location.reload()}>
        {t('retry')}
      </button>
    </div>
  )
}

/** GraphiQL with our chrome around it. It has no translations, so its part is marked as English. */
export function ExplorerPage() {
  const choices = useChoices()
  const { t, locale, theme } = choices
  const loading = (
    <p role="status" className="state">
      {t('loading')}
    </p>
  )
  return (
    <>
      <a href="#explorer" className="skip">
        {t('skip')}
      </a>
      <Header {...choices} />
      <main id="explorer" tabIndex={-1}>
        <Boundary fallback={<Failed t={t} />}>
          <Suspense fallback={loading}>
            <div lang="en" className="tool">
              <Tool locale={locale} theme={theme} />
            </div>
          </Suspense>
        </Boundary>
      </main>
    </>
  )
}
