import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { registryFrom } from '../../../gateway/operations/registry.ts'
import { StartError } from '../../start-error.ts'
import { Answer } from './answer.ts'
import type { Publication } from './publication.ts'

export type Credentials =
  | { readonly token: string }
  | { readonly clientId: string; readonly secret: string }

const Resource = z.object({ authorization_servers: z.array(z.url()).min(1) })
const Provider = z.object({ token_endpoint: z.url() })
const Token = z.object({ access_token: z.string() })
const Body = z.object({
  data: z.object({ publishOperations: Answer }).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})

/** Publishes through the graph of an installation, as the program that the credentials are of. */
export async function publishAt(
  origin: string,
  credentials: Credentials,
  { client, version, texts }: Publication,
): Promise<Answer> {
  const token = 'token' in credentials ? credentials.token : await tokenFor(origin, credentials)
  const input = { clientName: client, clientVersion: version, operations: texts }
  const body = { documentId: `sha256:${await ownHash()}`, variables: { input } }
  const response = await fetch(new URL('/graphql', origin), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...{ 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    },
    body: JSON.stringify(body),
  })
  const { data, errors } = Body.parse(await response.json())
  if (data) return data.publishOperations
  throw new StartError(errors?.[0]?.message ?? `${origin} answers ${response.status}.`)
}

/** Where the installation says that tokens come from. Source: RFC 9728, RFC 8414. */
async function tokenFor(
  origin: string,
  { clientId, secret }: { clientId: string; secret: string },
) {
  const resource = await jsonAt(new URL('/.well-known/oauth-protected-resource', origin), Resource)
  const [issuer = ''] = resource.authorization_servers
  const provider = await jsonAt(`${issuer}/.well-known/openid-configuration`, Provider)
  const form = { grant_type: 'client_credentials', scope: 'operations:publish' }
  const { access_token: token } = await jsonAt(provider.token_endpoint, Token, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams(form),
  })
  return token
}

async function jsonAt<Of>(
  url: URL | string,
  shape: z.ZodType<Of>,
  init?: RequestInit,
): Promise<Of> {
  const response = await fetch(url, init)
  if (response.ok) return shape.parse(await response.json())
  throw new StartError(`${url} answers ${response.status}: ${await response.text()}`)
}

/** That of the operation by which programs publish. */
async function ownHash(): Promise<string> {
  const file = join(import.meta.dir, '../../../schema/operations.json')
  const registry = registryFrom(await readFile(file, 'utf8'))
  const operation = registry.byName('PartnerPublishOperations', ['partner'])
  if (operation) return operation.hash
  throw new Error('PartnerPublishOperations is not registered.')
}
