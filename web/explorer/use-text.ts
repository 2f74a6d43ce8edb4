import { createContext, use } from 'react'
import { type Locale, regionalTag } from '../i18n/locale.ts'
import type { TextId } from './texts.en.ts'
import { textIn } from './texts.ts'

/** The language of the page, for what GraphiQL renders without handing it anything. */
export const LocaleContext = createContext<Locale>('en')

export function useText() {
  const locale = use(LocaleContext)
  const numbers = new Intl.NumberFormat(regionalTag(locale, navigator.languages))
  return {
    locale,
    t: (id: TextId, values?: Readonly<Record<string, string | number>>): string =>
      textIn(locale, id, values),
    number: (value: number): string => numbers.format(value),
  }
}
