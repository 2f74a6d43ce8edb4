import { useState } from 'react'
import { type Locale, locales } from '../i18n/locale.ts'
import { chooseLocale, useText } from '../i18n/text.ts'
import { Segments } from '../ui/segments.tsx'
import { chooseTheme, storedTheme, themes } from './theme.ts'

/** Languages are named in their own language, so that everyone finds theirs. */
const languageNames: Record<Locale, string> = { fr: 'Français', en: 'English' }
const themeIcons = { system: 'screen', light: 'sun', dark: 'moon' } as const

/** Language and theme: the only two things that Plexus stores in the browser. */
export function Choices() {
  const { t, locale } = useText()
  const [theme, setTheme] = useState(storedTheme)
  // The choice shows at once; the texts follow when they have arrived.
  const [language, setLanguage] = useState(locale)
  return (
    <div className="flex flex-col gap-4 p-2.5">
      <Segments
        legend={t('preferences.language')}
        value={language}
        options={locales.map((value) => ({ value, label: languageNames[value] }))}
        onChange={(value) => {
          setLanguage(value)
          void chooseLocale(value)
        }}
      />
      <Segments
        legend={t('preferences.theme')}
        value={theme}
        options={themes.map((value) => ({
          value,
          label: t(`preferences.theme.${value}`),
          icon: themeIcons[value],
        }))}
        onChange={(value) => {
          chooseTheme(value)
          setTheme(value)
        }}
      />
    </div>
  )
}
