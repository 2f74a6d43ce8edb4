import type { Locale } from '../i18n/locale.ts'
import { english, type TextId } from './texts.en.ts'
import { french } from './texts.fr.ts'

/** The page's own texts; the client's catalog is a hundred times as large. */
export const texts: Record<Locale, Record<TextId, string>> = { fr: french, en: english }

type Values = Readonly<Record<string, string | number>>

/** A text, with what it speaks of in the place of `{name}`. */
export const textIn = (locale: Locale, id: TextId, values: Values = {}): string =>
  texts[locale][id].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
