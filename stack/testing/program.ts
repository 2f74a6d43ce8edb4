import type { Person } from './person.ts'
import type { TestSystem } from './system.ts'

/** A partner's program, with what it was given when an administrator registered it. */
export type Program = { readonly id: string; readonly clientId: string; readonly secret: string }

export type NewProgram = {
  readonly scopes: readonly string[]
  /** One that nobody else has, where it is left out. */
  readonly name?: string
  readonly rateLimitPerMinute?: number
}

type Registered = {
  registerApiClient: { client: { id: string; clientId: string }; secretShownOnce: string }
}

const register = `mutation ($input: RegisterClientInput!) { registerApiClient(input: $input) {
  ... on ClientRegistered { client { id clientId } secretShownOnce } } }`

export async function registerProgram(admin: Person, wanted: NewProgram): Promise<Program> {
  const input = {
    ...{ idempotencyKey: crypto.randomUUID(), name: `Club ${crypto.randomUUID()}` },
    ...wanted,
  }
  const { registerApiClient } = await admin.ask<Registered>(register, { input })
  return { ...registerApiClient.client, secret: registerApiClient.secretShownOnce }
}

/** An access token of the program itself, with every scope that it has. */
export async function programToken(
  { ports }: Pick<TestSystem, 'ports'>,
  { clientId, secret }: Program,
): Promise<string> {
  const response = await fetch(`http://localhost:${ports.provider}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return (await response.json()).access_token
}
