import { i18n, type Messages } from '@lingui/core'
import { useLingui } from '@lingui/react'
import english from '../locales/en.generated.json' with { type: 'file' }
import type catalog from '../locales/en.json'
import french from '../locales/fr.generated.json' with { type: 'file' }
import { type Locale, locales, regionalTag, storeLocale } from './locale.ts'

export type MessageId = keyof typeof catalog
export type Values = Record<string, string | number | undefined>

// TypeScript sees the JSON; the bundler, told `type: 'file'`, gives the address of a hashed copy.
const catalogs = { en: english, fr: french } as unknown as Record<Locale, string>

/** Loads a language and makes it the page's own. */
export async function activate(locale: Locale): Promise<void> {
  const response = await fetch(catalogs[locale])
  const { messages }: { messages: Messages } = await response.json()
  i18n.loadAndActivate({ locale, messages })
  document.documentElement.lang = locale
}

export async function chooseLocale(locale: Locale): Promise<void> {
  await activate(locale)
  storeLocale(locale)
}

/** `t` gives the text of a message, `locale` the language, `tag` the regional tag for dates. */
export function useText() {
  const { i18n: active } = useLingui()
  const locale = locales.find((known) => known === active.locale) ?? 'en'
  return {
    locale,
    tag: regionalTag(locale, navigator.languages),
    t: (id: MessageId, values?: Values): string => active._(id, values),
  }
}
