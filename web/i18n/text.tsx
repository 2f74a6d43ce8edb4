import { i18n } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react'
import type { ReactElement } from 'react'
import type catalog from '../locales/en.json'
import { type Locale, locales, regionalTag, storeLocale } from './locale.ts'

export type MessageId = keyof typeof catalog
export type Values = Record<string, string | number | undefined>

const catalogs = {
  en: () => import('../locales/en.generated.ts'),
  fr: () => import('../locales/fr.generated.ts'),
} as const satisfies Record<Locale, unknown>

/** Loads a language and makes it the page's own. */
export async function activate(locale: Locale): Promise<void> {
  const { messages } = await catalogs[locale]()
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

type TextProps = {
  id: MessageId
  values?: Values
  components?: Record<string, ReactElement>
}

/** A message with elements inside it. For a plain string use `t`. */
export const Text = ({ id, values, components }: TextProps) => (
  <Trans id={id} {...(values && { values })} {...(components && { components })} />
)
