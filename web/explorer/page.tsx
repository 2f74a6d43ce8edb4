import { GraphiQL } from 'graphiql'
import { useEffect, useState } from 'react'
import { type Locale, storedLocale, storeLocale, visitorLocale } from '../i18n/locale.ts'
import { chooseTheme, storedTheme, type Theme } from '../shell/theme.ts'
import { defaultTabs } from './examples.ts'
import { fetcher } from './fetcher.ts'
import { Header } from './header.tsx'
import { type TextId, texts } from './texts.ts'

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

/** GraphiQL with our chrome around it. It has no translations, so its part is marked as English. */
export function ExplorerPage() {
  const choices = useChoices()
  const { t, locale, theme } = choices
  const [tabs] = useState(() => defaultTabs(locale))
  return (
    <>
      <a href="#explorer" className="skip">
        {t('skip')}
      </a>
      <Header {...choices} />
      <main id="explorer" tabIndex={-1} lang="en">
        <GraphiQL
          fetcher={fetcher}
          forcedTheme={theme}
          defaultTabs={tabs}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          defaultEditorToolsVisibility={false}
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  )
}
