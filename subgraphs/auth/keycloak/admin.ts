import { z } from 'zod'
import { AppError } from '#kit/errors'

export type KeycloakAdminOptions = {
  /** Where Keycloak answers, without a path. */
  readonly origin: string
  /** The realm of the client. */
  readonly realm: string
  readonly clientId: string
  readonly clientSecret: string
  readonly now: () => Date
  /** How long one answer may take. */
  readonly timeoutMs?: number
}

export type AdminRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/admin/realms`, with its query. */
  readonly path: string
  readonly body?: unknown
}

export type KeycloakAdmin = {
  /**
   * The answer, whatever its status below 500. Throws UNAVAILABLE when Keycloak cannot be reached,
   * and when it does not let this client do what it asks.
   */
  send(request: AdminRequest): Promise<Response>
  /** What is there, checked; null for 404. Throws UNAVAILABLE for every other refusal too. */
  get<Schema extends z.ZodType>(schema: Schema, path: string): Promise<z.output<Schema> | null>
}

type Token = { readonly text: string; readonly until: number }

const TokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() })

/** A token is not used in its last seconds: it must still be good on arrival. */
const spareMs = 5_000
const usualTimeoutMs = 5_000

const unavailable = (cause: unknown) =>
  new AppError('UNAVAILABLE', 'Accounts are out of reach for a moment. Try again.', { cause })

/** Keycloak's Admin REST API, as one of its confidential clients with a service account. */
export function keycloakAdmin(options: KeycloakAdminOptions): KeycloakAdmin {
  const { origin, now, timeoutMs = usualTimeoutMs } = options
  let known: Promise<Token> | null = null
  const token = async () => {
    const current = await known?.catch(() => null)
    if (current && current.until > now().getTime()) return current.text
    known = newToken(options)
    return (await known).text
  }
  const attempt = async ({ method, path, body }: AdminRequest) =>
    reach(`${origin}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  const send = async (request: AdminRequest) => {
    let response = await attempt(request)
    if (response.status === 401) {
      // The realm's keys, or the secret, have changed since.
      known = null
      response = await attempt(request)
    }
    if (response.status !== 401 && response.status !== 403) return response
    throw unavailable(new Error(`Keycloak answered ${response.status} to ${request.path}`))
  }
  return {
    send,
    get: async (schema, path) => {
      const response = await send({ method: 'GET', path })
      if (response.status === 404) return null
      if (response.ok) return schema.parse(await response.json())
      throw unavailable(new Error(`Keycloak answered ${response.status} to ${path}`))
    },
  }
}

async function newToken(options: KeycloakAdminOptions): Promise<Token> {
  const { origin, realm, clientId, clientSecret, now, timeoutMs = usualTimeoutMs } = options
  const response = await reach(`${origin}/realms/${realm}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) {
    throw unavailable(new Error(`Keycloak answered ${response.status} to ${clientId}`))
  }
  const answer = TokenAnswer.parse(await response.json())
  const until = now().getTime() + answer.expires_in * 1_000 - spareMs
  return { text: answer.access_token, until }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' }).catch((cause: unknown) => {
    throw unavailable(cause)
  })
  if (response.status < 500) return response
  throw unavailable(new Error(`Keycloak answered ${response.status}`))
}
