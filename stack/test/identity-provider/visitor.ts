import type { Gateway, WhoAsks } from './gateway.ts'
import type { Authenticator, PageFields, TestPerson } from './parties.ts'
import { asksFor, hasForm, newWalker, type Visit } from './walker.ts'

type Places = { readonly gateway: Pick<Gateway, 'origin'>; readonly fields: PageFields }

export type FillIn = {
  readonly person: TestPerson
  readonly authenticator?: Authenticator
  /** An address that is not to be asked: where the way leads is what counts. */
  readonly stopAt?: string
}

const json = 'application/json'
const ownPage = { 'x-plexus-csrf': '1', 'sec-fetch-site': 'same-origin' }

/** A browser at the gateway, of somebody who knows the provider's pages. */
export function newVisitor({ gateway, fields }: Places) {
  const walker = newWalker()
  const { origin } = gateway
  const at = (path: string) => `${origin}${path}`

  /** Fills in each page that asks for something, until one does not. */
  async function fillIn(first: Visit, { person, authenticator, stopAt }: FillIn): Promise<Visit> {
    let page = first
    for (let step = 0; step < 4; step += 1) {
      const typed = {
        ...(asksFor(page, fields.login) && { [fields.login]: person.login }),
        ...(asksFor(page, fields.password) && { [fields.password]: person.password }),
        ...(authenticator && asksFor(page, fields.code) && { [fields.code]: authenticator.code() }),
      }
      if (Object.keys(typed).length === 0) return page
      page = await walker.submit(page, typed, stopAt ? { stopAt } : {})
    }
    return page
  }

  /** Begins a sign-in; the page that it leads to. */
  const login = (query: string) => walker.visit(at(`/auth/login?${query}`))
  const isAsked = (page: Visit, what: 'login' | 'password' | 'code') => asksFor(page, fields[what])

  return {
    ...walker,
    ...{ login, fillIn, isAsked },
    signIn: async (person: TestPerson, query = 'returnTo=/') =>
      fillIn(await login(query), { person }),
    /** Who the gateway takes this browser for. */
    ask: async (): Promise<WhoAsks> =>
      (await walker.send(at('/graphql'), { headers: { accept: json } })).json(),
    session: async () => (await walker.send(at('/auth/session'))).json(),
    /** Signs out of Plexus, all the way; where it leads. */
    logout: async (): Promise<Visit> => {
      const headers = { ...ownPage, origin }
      const answer = await walker.send(at('/auth/logout'), { method: 'POST', headers })
      const { redirectUrl } = await answer.json()
      const page = await walker.visit(at(redirectUrl))
      return hasForm(page) ? walker.submit(page, fields.signOut) : page
    },
  }
}

export type Visitor = ReturnType<typeof newVisitor>
