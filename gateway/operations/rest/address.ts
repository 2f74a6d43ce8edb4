/** What a path below /api names. */
export type Address =
  /** Null is whatever version the caller names elsewhere, or the newest. */
  | { readonly kind: 'page' | 'description'; readonly version: number | null }
  | {
      readonly kind: 'operation'
      /** Null where the path names none. */
      readonly version: number | null
      readonly name: string
      /** What follows the name, decoded: a value of its one required variable. */
      readonly segment: string | null
    }

/** From an address that had been there before operations were registered, to their names. */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['/company', ['company', 'partner-company']],
  ['/checkout', ['start-checkout', 'partner-start-checkout']],
  ['/upload', ['upload-file', 'partner-upload-file']],
])

/** The names of the operations that an old address stands for; null for any other path. */
export const aliased = (path: string): readonly string[] | null => aliases.get(path) ?? null

const pattern =
  /^\/api(?:\/v(\d{1,9}))?(?:\/((?!v\d+(?:\/|$))[a-z\d-]+|openapi\.json)(?:\/([^/]+))?)?\/?$/

/** Null for a path that names nothing. */
export function addressOf(path: string): Address | null {
  const found = pattern.exec(path)
  if (!found) return null
  const [, digits, name, rest] = found
  const version = digits === undefined ? null : Number(digits)
  if (name === undefined) return { kind: 'page', version }
  if (name === 'openapi.json') return rest === undefined ? { kind: 'description', version } : null
  const segment = rest === undefined ? null : decoded(rest)
  return rest !== undefined && segment === null
    ? null
    : { kind: 'operation', version, name, segment }
}

/** Null for what is no percent-encoded UTF-8. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
