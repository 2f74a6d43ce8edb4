const lengthMax = 2_048
// Browsers drop tabs and line breaks inside a URL, so "/\t/evil" would become "//evil".
const controlOrBackslash = /[\p{Cc}\\]/u

/**
 * Where to go after signing in: a path of this very origin; `/` for anything else. Source: CWE-601.
 */
export function returnToFrom(wanted: string | null, publicOrigin: string): string {
  if (!wanted?.startsWith('/') || wanted.length > lengthMax || controlOrBackslash.test(wanted)) {
    return '/'
  }
  const url = URL.parse(wanted, publicOrigin)
  if (url?.origin !== publicOrigin || url.pathname.startsWith('//')) return '/'
  // Going back to the sign-in would go round in circles.
  if (url.pathname.startsWith('/auth/')) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
