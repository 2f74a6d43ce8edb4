import { z } from 'zod'
import { ensureAccounts } from '../../stack/keycloak/people.ts'
import { newWalker, type Walker } from '../../stack/test/identity-provider/walker.ts'
import type { Place } from './place.ts'
import { addressOf, materialOf, origin } from './product.ts'

export const password = 'orage-lagune-galet-73'

const Operations = z.array(z.object({ name: z.string(), hash: z.string() }))
const registered = Operations.parse(
  await Bun.file(new URL('../../schema/operations.json', import.meta.url)).json(),
)

const Session = z.looseObject({ authenticated: z.boolean() })
const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.unknown()).optional(),
})

/** A browser without a screen, over HTTPS through Traefik. */
export type Visitor = {
  readonly walker: Walker
  isSignedIn(): Promise<boolean>
  /** Asks for a registered operation. Throws when the answer has errors. */
  ask(operation: string, variables?: object): Promise<Record<string, unknown>>
}

export function newVisitor(): Visitor {
  const walker = newWalker()
  const send = async (body: object) => {
    const response = await walker.send(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-plexus-csrf': '1',
        'sec-fetch-site': 'same-origin',
        origin,
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    const { data, errors } = Answer.parse(JSON.parse(text))
    if (errors || !data) throw new Error(`${response.status}: ${text.slice(0, 600)}`)
    return data
  }
  return {
    walker,
    isSignedIn: async () =>
      Session.parse(await (await walker.send(`${origin}/auth/session`)).json()).authenticated,
    ask: (name, variables = {}) => {
      const operation = registered.find((row) => row.name === name)
      if (!operation) throw new Error(`${name} is not registered.`)
      return send({ documentId: `sha256:${operation.hash.replace(/^sha256:/, '')}`, variables })
    },
  }
}

/** By Keycloak's own page, as a person does. */
export async function signIn(email: string): Promise<Visitor> {
  const visitor = newVisitor()
  const page = await visitor.walker.visit(`${origin}/auth/login?returnTo=/`)
  const landed = await visitor.walker.submit(page, { username: email, password })
  if (await visitor.isSignedIn()) return visitor
  throw new Error(`${email} is not signed in at ${landed.url}: ${landed.html.slice(0, 600)}`)
}

export const administrator = 'admin@plexus.test'

type KeycloakAdmin = Parameters<typeof ensureAccounts>[0]

const Token = z.object({ access_token: z.string() })

/** By the account that Keycloak has for its first hour; its own address is not the public one. */
async function consoleOf(place: Place): Promise<KeycloakAdmin> {
  const { passwords } = await materialOf(place)
  const keycloak = `http://${await addressOf(place, 'auth', 'keycloak')}:8080`
  const login = {
    ...{ grant_type: 'password', client_id: 'admin-cli' },
    ...{ username: 'administrator', password: passwords['keycloak-admin'] },
  }
  const token = await fetch(`${keycloak}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams(login),
  })
  const { access_token } = Token.parse(await token.json())
  const send: KeycloakAdmin['send'] = ({ method, path, body }) =>
    fetch(`${keycloak}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const get: KeycloakAdmin['get'] = async (shape, path) => {
    const response = await send({ method: 'GET', path })
    return response.status === 404 ? null : shape.parse(await response.json())
  }
  return { send, get }
}

/** The first administrator, whom an installation makes in Keycloak's console. */
export async function makeAdministrator(place: Place): Promise<void> {
  const person = { email: administrator, displayName: 'Camille Admin', locale: 'fr' as const }
  const admin = await consoleOf(place)
  await ensureAccounts(admin, 'plexus', [{ ...person, roles: ['ADMIN'], password, id: null }])
}
