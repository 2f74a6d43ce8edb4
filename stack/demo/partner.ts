import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { scopesOf } from '#schema/scopes'
import { viewerWith } from '../viewer.ts'
import { type Ask, askAs, type SeedDeps } from './seed.ts'

const name = 'Demo partner'

const clients = '{ apiClients(first: 100) { edges { node { id clientId name disabledAt } } } }'
const register = `mutation ($input: RegisterClientInput!) { issued: registerApiClient(input: $input) {
  __typename ... on ClientRegistered { client { clientId } secretShownOnce } ... on UserError { message } } }`
const rotate = `mutation ($id: ID!) { issued: rotateClientSecret(id: $id) {
  __typename ... on ClientSecretRotated { client { clientId } secretShownOnce } ... on UserError { message } } }`

const Clients = z.object({
  edges: z.array(
    z.object({
      node: z.object({
        id: z.string(),
        clientId: z.string(),
        name: z.string(),
        disabledAt: z.string().nullable(),
      }),
    }),
  ),
})
const Issued = z.object({
  client: z.object({ clientId: z.string() }),
  secretShownOnce: z.string(),
})

/** The client id in a file of ours; null when there is none. */
async function clientIdIn(file: string): Promise<string | null> {
  if (!existsSync(file)) return null
  return /^user = "([^:"]+):/m.exec(await readFile(file, 'utf8'))?.[1] ?? null
}

/** A new client, or a new secret for one whose file is gone: a secret cannot be read back. */
async function issue(admin: Ask, known: { id: string } | undefined) {
  const input = {
    idempotencyKey: crypto.randomUUID(),
    name,
    scopes: [...scopesOf(['PARTNER_APP'])],
  }
  const answer = known
    ? await admin('auth', rotate, { id: known.id })
    : await admin('auth', register, { input })
  return Issued.parse(answer.issued)
}

/**
 * Sees to it that the demo has a partner's program. The answer is the file in the data folder, for
 * its owner only, that has its id and secret as curl reads them.
 */
export async function demoPartner(deps: SeedDeps, dataDir: string): Promise<string> {
  const credentialsFile = join(dataDir, 'partner.curl')
  const admin = askAs(deps, viewerWith(['ADMIN']))
  const { edges } = Clients.parse((await admin('auth', clients)).apiClients)
  const known = edges.map(({ node }) => node).find((one) => one.name === name && !one.disabledAt)
  if (known && known.clientId === (await clientIdIn(credentialsFile))) return credentialsFile
  const { client, secretShownOnce } = await issue(admin, known)
  return writeCredentials(dataDir, { id: client.clientId, secret: secretShownOnce })
}

/** The file for curl, for its owner only. */
export async function writeCredentials(dataDir: string, client: { id: string; secret: string }) {
  const file = join(dataDir, 'partner.curl')
  await writeFile(`${file}.new`, `user = "${client.id}:${client.secret}"\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return file
}

const Registry = z.array(z.object({ name: z.string(), hash: z.string() }))

async function registeredHash(operation: string): Promise<string> {
  const file = Bun.file(join(import.meta.dir, '../../schema/operations.json'))
  const found = Registry.parse(await file.json()).find(({ name }) => name === operation)
  if (found) return found.hash
  throw new Error(`${operation} is not registered.`)
}

type Story = {
  readonly credentialsFile: string
  /** Where the provider gives tokens. */
  readonly tokenUrl: string
  readonly origin: string
}

/** Two lines for a shell: a token, and a registered operation that is run with it. */
export async function partnerStory({
  credentialsFile,
  tokenUrl,
  origin,
}: Story): Promise<string[]> {
  const hash = await registeredHash('PartnerCoaches')
  const body = JSON.stringify({ documentId: `sha256:${hash}`, variables: { first: 3 } })
  return [
    `token=$(curl -s -K '${credentialsFile}' -d grant_type=client_credentials -d scope=bookings:read+bookings:write ${tokenUrl} | sed -E 's/.*"access_token":"([^"]+)".*/\\1/')`,
    `curl -s ${origin}/graphql -H "authorization: Bearer $token" -H 'content-type: application/json' -d '${body}'`,
  ]
}
