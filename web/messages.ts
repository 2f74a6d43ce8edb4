import { createCompiledCatalog } from '@lingui/cli/api'
import { type Locale, locales } from './i18n/locale.ts'

type Catalog = Record<string, string>

const source = (locale: Locale): string => `${import.meta.dir}/locales/${locale}.json`
const target = (locale: Locale): string => `${import.meta.dir}/locales/${locale}.generated.json`

const catalogOf = (locale: Locale): Promise<Catalog> => Bun.file(source(locale)).json()

function compiled(locale: Locale, catalog: Catalog): string {
  const { source, errors } = createCompiledCatalog(locale, catalog, {
    namespace: 'json',
    strict: true,
  })
  const [fault] = errors
  if (fault) throw new Error(`${locale}: ${fault.id}: ${fault.error.message}`)
  return `${source}\n`
}

/** One line a fault: an id that a language lacks, or a compiled file that is not what its source gives. */
export async function messagesDrift(): Promise<string[]> {
  const catalogs = await Promise.all(
    locales.map(async (locale) => [locale, await catalogOf(locale)] as const),
  )
  const ids = new Set(catalogs.flatMap(([, catalog]) => Object.keys(catalog)))
  const missing = catalogs.flatMap(([locale, catalog]) =>
    [...ids].filter((id) => !catalog[id]).map((id) => `web/locales/${locale}.json lacks ${id}`),
  )
  if (missing.length > 0) return missing
  const stale = await Promise.all(
    catalogs.map(async ([locale, catalog]) => {
      const file = Bun.file(target(locale))
      const current = (await file.exists()) ? await file.text() : ''
      return current === compiled(locale, catalog) ? [] : [`${locale}.generated.json is stale`]
    }),
  )
  return stale.flat().map((fault) => `web/locales/${fault}: run \`bun web/messages.ts\``)
}

export async function writeMessages(): Promise<void> {
  for (const locale of locales)
    await Bun.write(target(locale), compiled(locale, await catalogOf(locale)))
}

if (import.meta.main) await writeMessages()
