export const locales = ['fr', 'en'] as const
export type Locale = (typeof locales)[number]

const key = 'plexus.locale'

const localeFrom = (tag: string | null | undefined): Locale | null =>
  locales.find((locale) => tag?.toLowerCase().split('-')[0] === locale) ?? null

/** The first of the visitor's languages that Plexus speaks, else English. */
export const visitorLocale = (languages: readonly string[]): Locale =>
  languages.map(localeFrom).find((locale) => locale !== null) ?? 'en'

/** Null when the visitor has not chosen, or storage is closed to us. */
export const storedLocale = (): Locale | null => {
  try {
    return localeFrom(localStorage.getItem(key))
  } catch {
    return null
  }
}

export const storeLocale = (locale: Locale): void => {
  try {
    localStorage.setItem(key, locale)
  } catch {
    // A browser without storage keeps the choice for this page only.
  }
}

const regional: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' }

/** The visitor's own regional tag in that language (en-US, fr-CA), for dates and the first day of the week. */
export const regionalTag = (locale: Locale, languages: readonly string[]): string =>
  languages.find((tag) => tag.includes('-') && localeFrom(tag) === locale) ?? regional[locale]
