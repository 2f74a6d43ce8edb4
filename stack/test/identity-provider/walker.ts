type Cookie = { readonly value: string; readonly path: string }

/** A page, or whatever a visit ended at. */
export type Visit = {
  readonly url: URL
  readonly status: number
  readonly html: string
  /** Every address on the way, the first one included. */
  readonly hops: readonly URL[]
}

const attribute = (line: string, name: string) =>
  new RegExp(`;\\s*${name}=([^;]*)`, 'i').exec(line)?.[1]

const isGone = (line: string) => {
  const expires = attribute(line, 'expires')
  return (
    attribute(line, 'max-age') === '0' || (expires !== undefined && new Date(expires) < new Date())
  )
}

/** Cookies know hosts and paths, but no ports: every address here is on one host. */
function createJar() {
  const jar = new Map<string, Cookie>()
  return {
    keep(response: Response) {
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        const path = attribute(line, 'path') ?? '/'
        if (!value || isGone(line)) jar.delete(`${name} ${path}`)
        else jar.set(`${name} ${path}`, { value, path })
      }
    },
    /** Deletes what any path has under that name. */
    forget(name: string) {
      for (const key of jar.keys()) if (key.startsWith(`${name} `)) jar.delete(key)
    },
    headerFor: ({ pathname }: URL) =>
      [...jar]
        .filter(([, { path }]) => pathname.startsWith(path))
        .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
        .join('; '),
  }
}

/** A browser without a screen: it keeps cookies, follows redirects and sends forms. */
export function newWalker() {
  const jar = createJar()

  async function send(url: URL, init: Init = {}): Promise<Response> {
    const headers = new Headers({ accept: 'text/html', 'accept-language': 'en', ...init.headers })
    headers.set('cookie', jar.headerFor(url))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    jar.keep(response)
    return response
  }

  /** Goes on until there is no redirect, or one to `stopAt`, which is not asked. */
  async function visit(start: URL | string, options: Options = {}): Promise<Visit> {
    let url = new URL(start)
    const hops = [url]
    let response = await send(url, options.init)
    for (;;) {
      const location = response.headers.get('location')
      if (!location || hops.length > 20) break
      url = new URL(location, url)
      hops.push(url)
      if (options.stopAt && url.href.startsWith(options.stopAt)) break
      response = await send(url)
    }
    return { url, hops, status: response.status, html: await response.text() }
  }

  return {
    send: (url: string, init?: Init) => send(new URL(url), init),
    visit,
    forget: jar.forget,
    /** Sends the page's form with these fields and all that are hidden in it. */
    submit: (page: Visit, fields: Readonly<Record<string, string>>, options: Options = {}) => {
      const { action, hidden } = formIn(page)
      return visit(action, {
        ...options,
        init: {
          method: 'POST',
          headers: { origin: action.origin },
          body: new URLSearchParams({ ...hidden, ...fields }),
        },
      })
    },
  }
}

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> }
type Options = { readonly init?: Init; readonly stopAt?: string }
export type Walker = ReturnType<typeof newWalker>

const decoded = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#x2F;', '/')
const attributeIn = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]

function formIn({ html, url }: Visit) {
  const [content, form] = /(<form[^>]*\saction="[^"]*"[^>]*>)[\s\S]*?<\/form>/.exec(html) ?? []
  if (!content || !form) throw new Error(`There is no form at ${url}: ${html.slice(0, 2_000)}`)
  const hidden = [...content.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
    attributeIn(tag, 'name') ?? '',
    decoded(attributeIn(tag, 'value') ?? ''),
  ])
  return {
    action: new URL(decoded(attributeIn(form, 'action') ?? ''), url),
    hidden: Object.fromEntries(hidden),
  }
}

/** True when the page has a field of that name. */
export const asksFor = ({ html }: Visit, field: string): boolean =>
  new RegExp(`<input[^>]*\\sname="${field}"`).test(html)

export const hasForm = ({ html }: Visit): boolean => /<form[^>]*\saction="/.test(html)
