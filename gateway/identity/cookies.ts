export type CookieName = 'session' | 'login' | 'goodbye'

export type Cookies = {
  /**
   * The value as the browser sent it; null when absent or sent twice, which is somebody tossing
   * cookies.
   */
  read(request: Request, name: CookieName): string | null
  set(headers: Headers, name: CookieName, cookie: { value: string; maxAgeSeconds: number }): void
  clear(headers: Headers, name: CookieName): void
}

const suffixes: Record<CookieName, string> = { session: '', login: '-login', goodbye: '-goodbye' }

/** `__Host-` binds a cookie to this very host and to https. Source: RFC 6265bis section 4.1.3.2. */
export function createCookies(prefix: '__Host-' | ''): Cookies {
  const nameOf = (name: CookieName) => `${prefix}plexus${suffixes[name]}`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${prefix ? '; Secure' : ''}`
  const write = (headers: Headers, pair: string, maxAgeSeconds: number) =>
    headers.append('set-cookie', `${pair}; Max-Age=${maxAgeSeconds}; ${attributes}`)
  return {
    read: (request, name) => {
      const start = `${nameOf(name)}=`
      const found = (request.headers.get('cookie') ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(start))
      const [only, another] = found
      return only && another === undefined ? only.slice(start.length) : null
    },
    set: (headers, name, { value, maxAgeSeconds }) =>
      write(headers, `${nameOf(name)}=${value}`, maxAgeSeconds),
    clear: (headers, name) => write(headers, `${nameOf(name)}=`, 0),
  }
}
