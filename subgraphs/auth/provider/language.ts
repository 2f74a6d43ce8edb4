import { type Locale, locales } from '../account/rules.ts'

const known = (tag: string): Locale | null =>
  locales.find((locale) => locale === tag.trim().toLowerCase().split('-')[0]) ?? null

const firstKnown = (tags: readonly string[]): Locale | null =>
  tags.map(known).find((locale) => locale !== null) ?? null

/** `fr-CH;q=0.7, en` in the order of the weights. Source: RFC 9110, 12.5.4. */
function acceptedTags(header: string): string[] {
  const weighted = header.split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';')
    const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(Boolean)
    return { tag, weight: weight === undefined ? 1 : Number(weight) }
  })
  return weighted
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}

type Wishes = {
  /** What the person chose on the page. */
  chosen: string | undefined
  /** What the application asked for: tags separated by blanks. */
  uiLocales: string | undefined
  acceptLanguage: string
}

/** The page's language: what the person chose, then the application, then the browser; French otherwise. */
export const languageFrom = ({ chosen, uiLocales, acceptLanguage }: Wishes): Locale =>
  firstKnown([chosen ?? '', ...(uiLocales ?? '').split(' ')]) ??
  firstKnown(acceptedTags(acceptLanguage)) ??
  'fr'
