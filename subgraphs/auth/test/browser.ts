type Cookie = { value: string; path: string }

const attribute = (line: string, name: string) =>
  new RegExp(`;\\s*${name}=([^;]*)`, 'i').exec(line)?.[1] ?? null

/** A browser without a screen: it keeps cookies by path, follows no redirect by itself and submits forms. */
export function newBrowser(acceptLanguage = 'fr') {
  const jar = new Map<string, Cookie>()

  const cookieFor = (url: URL) =>
    [...jar]
      .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')

  function keep(response: Response) {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) jar.set(name, { value, path: attribute(line, 'path') ?? '/' })
      else jar.delete(name)
    }
  }

  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('cookie', cookieFor(new URL(url)))
    headers.set('accept-language', acceptLanguage)
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    keep(response)
    return response
  }

  return {
    jar,
    get: (url: string) => send(url),
    submit: (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      send(url, { method: 'POST', body: new URLSearchParams(fields), headers }),
    /** Follows redirects while they stay on the origin of `url`; the last answer and where it is. */
    async follow(url: string, first?: Response): Promise<{ url: string; response: Response }> {
      let here = url
      let response = first ?? (await send(here))
      while (response.headers.has('location')) {
        const next = new URL(response.headers.get('location') ?? '', here)
        if (next.origin !== new URL(url).origin) return { url: next.href, response }
        here = next.href
        response = await send(here)
      }
      return { url: here, response }
    },
  }
}

export type Browser = ReturnType<typeof newBrowser>

/** The `action` of the page's form, absolute. */
export function formAction(page: string, url: string): string {
  const action = /<form[^>]* action="([^"]*)"/.exec(page)?.[1]
  if (!action) throw new Error('The page has no form.')
  return new URL(action.replaceAll('&amp;', '&'), url).href
}
