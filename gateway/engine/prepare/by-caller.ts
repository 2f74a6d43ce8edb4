import type { Variant } from '../engine.ts'

type Names = ReadonlySet<string>

/** Whoever is signed in has the same set from request to request: it is put into words once. */
const texts = new WeakMap<Names, string>()

function textOf(names: Names): string {
  if (names.size === 0) return '[]'
  const text = texts.get(names) ?? JSON.stringify([...names].sort())
  texts.set(names, text)
  return text
}

/** Equal for two variants only if they are. */
export const keyOf = ({ authenticated, scopes, policies }: Variant): string =>
  `${authenticated}${textOf(scopes)}${textOf(policies)}`
