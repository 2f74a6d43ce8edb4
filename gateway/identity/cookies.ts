import { guardedBy, type Unguarded } from './guards.ts'

export type CookieName = 'session' | 'login' | 'goodbye' | 'tool'

export type Cookies = {
  /**
   * The value as the browser sent it; null when absent or sent twice, which is somebody tossing
   * cookies.
   */
  read(request: Request, name: CookieName): string | null
  set(headers: Headers, name: CookieName, cookie: { value: string; maxAgeSeconds: number }): void
  clear(headers: Headers, name: CookieName): void
}

const suffixes: Record<CookieName, string> = {
  ...{ session: '', login: '-login', goodbye: '-goodbye' },
  // On the host of a tool for administrators.
  tool: '-tool',
}

/**
 * `__Host-` binds a cookie to this very host and to https. Only blanks and tabs may stand around a
 * pair: whatever else a reader takes for white space, a browser takes for a part of the name, which
 * then has no prefix to be bound by. Source: RFC 6265bis sections 4.1.3.2 and 5.6.
 */
export function createCookies(prefix: '__Host-' | '', options: Unguarded = {}): Cookies {
  const guarded = guardedBy(options)
  const nameOf = (name: CookieName) => `${prefix}plexus${suffixes[name]}`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${prefix ? '; Secure' : ''}`
  const write = (headers: Headers, pair: string, maxAgeSeconds: number) =>
    headers.append('set-cookie', `${pair}; Max-Age=${maxAgeSeconds}; ${attributes}`)
  const trimmed = (pair: string) =>
    guarded('cookie-name') ? pair.replace(/^[ \t]+|[ \t]+$/g, '') : pair.trim()
  const bare = (pair: string) =>
    guarded('cookie-prefix') || !pair.startsWith('plexus') ? pair : `${prefix}${pair}`
  return {
    read: (request, name) => {
      const start = `${nameOf(name)}=`
      const found = (request.headers.get('cookie') ?? '')
        .split(';')
        .map((pair) => bare(trimmed(pair)))
        .filter((pair) => pair.startsWith(start))
      const [only, another] = found
      if (another !== undefined && guarded('cookie-single')) return null
      return only ? only.slice(start.length) : null
    },
    set: (headers, name, { value, maxAgeSeconds }) =>
      write(headers, `${nameOf(name)}=${value}`, maxAgeSeconds),
    clear: (headers, name) => write(headers, `${nameOf(name)}=`, 0),
  }
}
