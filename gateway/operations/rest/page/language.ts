export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

/** The language that a browser wants most of those that there are. Source: RFC 9110, 12.5.4. */
export function languageFor(acceptLanguage: string | null): Language {
  const wanted = (acceptLanguage ?? '').split(',').map((range, index) => {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const weight = parameters.find((one) => one.trim().startsWith('q='))
    return { tag, index, weight: weight ? Number(weight.trim().slice(2)) : 1 }
  })
  const [first] = wanted
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .flatMap(({ tag }) => languages.filter((one) => tag === one || tag.startsWith(`${one}-`)))
  return first ?? 'fr'
}
