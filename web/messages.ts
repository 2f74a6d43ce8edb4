import { createCompiledCatalog } from '@lingui/cli/api'
import { type Locale, locales } from './i18n/locale.ts'

type Catalog = Record<string, string>

/** The catalog that every page has, and those of pages that few people open. */
const parts = ['', 'account.', 'dashboard.', 'security.', 'step-up.', 'admin.', 'health.'] as const
type Part = (typeof parts)[number]

const folder = `${import.meta.dir}/locales`
const source = (part: Part, locale: Locale): string => `${folder}/${part}${locale}.json`
const target = (part: Part, locale: Locale): string => `${folder}/${part}${locale}.generated.json`

const catalogOf = (part: Part, locale: Locale): Promise<Catalog> =>
  Bun.file(source(part, locale)).json()

function compiled(locale: Locale, catalog: Catalog): string {
  const { source, errors } = createCompiledCatalog(locale, catalog, {
    namespace: 'json',
    strict: true,
  })
  const [fault] = errors
  if (fault) throw new Error(`${locale}: ${fault.id}: ${fault.error.message}`)
  return `${source}\n`
}

async function driftOf(part: Part): Promise<string[]> {
  const catalogs = await Promise.all(
    locales.map(async (locale) => [locale, await catalogOf(part, locale)] as const),
  )
  const ids = new Set(catalogs.flatMap(([, catalog]) => Object.keys(catalog)))
  const missing = catalogs.flatMap(([locale, catalog]) =>
    [...ids]
      .filter((id) => !catalog[id])
      .map((id) => `web/locales/${part}${locale}.json lacks ${id}`),
  )
  if (missing.length > 0) return missing
  const stale = await Promise.all(
    catalogs.map(async ([locale, catalog]) => {
      const file = Bun.file(target(part, locale))
      const current = (await file.exists()) ? await file.text() : ''
      return current === compiled(locale, catalog) ? [] : [`${part}${locale}.generated.json`]
    }),
  )
  return stale.flat().map((name) => `web/locales/${name} is stale: run \`bun web/messages.ts\``)
}

/** One line a fault: an id that a language lacks, or a compiled file that is not what its source gives. */
export async function messagesDrift(): Promise<string[]> {
  return (await Promise.all(parts.map(driftOf))).flat()
}

export async function writeMessages(): Promise<void> {
  for (const part of parts)
    for (const locale of locales)
      await Bun.write(target(part, locale), compiled(locale, await catalogOf(part, locale)))
}

if (import.meta.main) await writeMessages()
