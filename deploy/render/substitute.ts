import { RenderFault } from './fault.ts'
import { at, isRecord, type Json, type JsonRecord, textsOf } from './json.ts'
import { type Manifest, titleOf } from './resource.ts'

export type Settings = Readonly<Record<string, string>>

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-=]([^}]*))?\}/g
const substitute = 'kustomize.toolkit.fluxcd.io/substitute'

/** Flux leaves an object alone that says so in a label or an annotation. */
export const isSubstituted = (value: Manifest): boolean =>
  [at(value, 'metadata.labels'), at(value, 'metadata.annotations')].every(
    (marks) => textsOf(marks)[substitute] !== 'disabled',
  )

/** Would YAML read this as something else than a text? Flux substitutes before it parses. */
const isOtherThanText = (text: string) =>
  /^(|~|null|true|false|y|n|yes|no|on|off|[-+]?[0-9.][0-9_.eE+-]*|0x[0-9a-f]+)$/i.test(text)

function filled(text: string, settings: Settings, title: string): string {
  const result = text.replace(variable, (whole, name: string, preset: string | undefined) => {
    const value = settings[name] ?? preset
    if (value === undefined) throw new RenderFault(title, `${whole} is no setting`)
    return value
  })
  if (result !== text && /^\$\{[^}]*\}$/.test(text) && isOtherThanText(result))
    throw new RenderFault(title, `${text} becomes "${result}", which YAML does not read as a text`)
  return result
}

function walked(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => walked(item, change))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), walked(inner, change)]),
  )
}

/** Writes the settings into an object as Flux' postBuild does; a variable that is none is refused. */
export function substituted(value: Manifest, settings: Settings): JsonRecord {
  if (!isSubstituted(value)) return value
  const title = titleOf(value)
  const result = walked(value, (text) => filled(text, settings, title))
  return isRecord(result) ? result : value
}
