type Cookie = { value: string; path: string }

export type GraphAnswer = {
  status: number
  headers: Headers
  body: {
    data?: Record<string, unknown> | null
    errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[]
  }
}

type Operation = { query?: string; documentId?: string; variables?: object }

/** A browser without a screen: cookies by origin and path, redirects followed, the sign-in form filled in. */
export class Person {
  readonly origin: string
  readonly #jar = new Map<string, Map<string, Cookie>>()

  constructor(origin: string) {
    this.origin = origin
  }

  #cookiesFor({ host, pathname }: URL) {
    return [...(this.#jar.get(host) ?? [])]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep({ host }: URL, response: Response) {
    const jar = this.#jar.get(host) ?? new Map<string, Cookie>()
    this.#jar.set(host, jar)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/'
      if (value && !/max-age=0/i.test(line)) jar.set(name, { value, path })
      else jar.delete(name)
    }
  }

  /** One request with this person's cookies; redirects are not followed. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url, this.origin)
    const headers = new Headers(init.headers)
    headers.set('cookie', this.#cookiesFor(target))
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    const response = await fetch(target, { ...init, headers, redirect: 'manual' })
    this.#keep(target, response)
    return response
  }

  /** Follows redirects to the last answer. */
  async follow(url: string, init?: RequestInit): Promise<{ url: string; response: Response }> {
    let here = new URL(url, this.origin).href
    let response = await this.send(here, init)
    for (let hop = 0; hop < 12 && response.headers.has('location'); hop += 1) {
      here = new URL(response.headers.get('location') ?? '', here).href
      response = await this.send(here)
    }
    return { url: here, response }
  }

  /** Through the provider's page, as a person does. Throws when it does not end signed in. */
  async signIn(email: string, password: string): Promise<this> {
    const page = await this.follow('/auth/login?returnTo=/')
    const html = await page.response.text()
    const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    if (!action) throw new Error(`No sign-in form at ${page.url}`)
    const target = new URL(action, page.url)
    const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
    await this.follow(target.href, {
      method: 'POST',
      headers: { origin: target.origin },
      body: new URLSearchParams({ ...fields, email, password }),
    })
    const session = await (await this.send('/auth/session')).json()
    if (!session.authenticated) throw new Error(`${email} could not sign in.`)
    return this
  }

  /** GraphQL with this person's session, as a page of our own origin sends it. */
  async graph(operation: Operation, gateway = this.origin): Promise<GraphAnswer> {
    const { host } = new URL(this.origin)
    const response = await fetch(`${gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        origin: this.origin,
        cookie: [...(this.#jar.get(host) ?? [])]
          .map(([n, { value }]) => `${n}=${value}`)
          .join('; '),
      },
      body: JSON.stringify(operation),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  /** The data of a free-text operation, in the shape that the test states. Throws when there are errors. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { body } = await this.graph({ query, variables })
    if (body.errors || !body.data) throw new Error(JSON.stringify(body))
    // A test asks for the shape it then asserts.
    return body.data as Data
  }

  cookies(): ReadonlyMap<string, string> {
    const jar = this.#jar.get(new URL(this.origin).host) ?? new Map<string, Cookie>()
    return new Map([...jar].map(([name, { value }]) => [name, value]))
  }
}
