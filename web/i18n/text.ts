import { i18n, type Messages } from '@lingui/core'
import { useLingui } from '@lingui/react'
import type accountCatalog from '../locales/account.en.json'
import type adminCatalog from '../locales/admin.en.json'
import type dashboardCatalog from '../locales/dashboard.en.json'
import english from '../locales/en.generated.json' with { type: 'file' }
import type catalog from '../locales/en.json'
import french from '../locales/fr.generated.json' with { type: 'file' }
import type healthCatalog from '../locales/health.en.json'
import type securityCatalog from '../locales/security.en.json'
import type stepUpCatalog from '../locales/step-up.en.json'
import { type Locale, locales, regionalTag, storeLocale } from './locale.ts'

export type MessageId =
  | keyof typeof catalog
  | keyof typeof accountCatalog
  | keyof typeof dashboardCatalog
  | keyof typeof stepUpCatalog
  | keyof typeof securityCatalog
  | keyof typeof adminCatalog
  | keyof typeof healthCatalog
export type Values = Record<string, string | number | undefined>

/** Where the texts of each language are. */
type Texts = Record<Locale, string>

/** TypeScript sees the JSON; the bundler, told `type: 'file'`, gives the address of a hashed copy. */
export const textsAt = (files: Record<Locale, object>): Texts => files as unknown as Texts

const known = new Set([textsAt({ en: english, fr: french })])

async function messagesOf(texts: Texts, locale: Locale): Promise<Messages> {
  const response = await fetch(texts[locale])
  const { messages }: { messages: Messages } = await response.json()
  return messages
}

/** Loads a language and makes it the page's own. */
export async function activate(locale: Locale): Promise<void> {
  const parts = await Promise.all([...known].map((texts) => messagesOf(texts, locale)))
  i18n.loadAndActivate({ locale, messages: Object.assign({}, ...parts) })
  document.documentElement.lang = locale
}

/** Adds the texts that one page alone has, in the language of now and in each that is chosen later. */
export async function addTexts(texts: Texts): Promise<void> {
  const locale = locales.find((own) => own === i18n.locale) ?? 'en'
  if (known.has(texts)) return
  // Known before they are there: a language that is chosen meanwhile brings them too.
  known.add(texts)
  try {
    i18n.load(locale, await messagesOf(texts, locale))
  } catch (error) {
    known.delete(texts)
    throw error
  }
}

export async function chooseLocale(locale: Locale): Promise<void> {
  await activate(locale)
  storeLocale(locale)
}

/** `t` gives the text of a message, `locale` the language, `tag` the regional tag for dates. */
export function useText() {
  const { i18n: active } = useLingui()
  const locale = locales.find((own) => own === active.locale) ?? 'en'
  return {
    locale,
    tag: regionalTag(locale, navigator.languages),
    t: (id: MessageId, values?: Values): string => active._(id, values),
  }
}
