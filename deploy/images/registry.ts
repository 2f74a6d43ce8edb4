import { z } from 'zod'
import { StartError } from '../../stack/start-error.ts'
import { digestOf } from './digest.ts'
import { type Blob, mediaTypes } from './oci.ts'
import { referenceFrom } from './reference.ts'

export type Credentials = { readonly user: string; readonly password: string }

/** One repository of a registry that speaks the OCI's distribution API. */
export type Repository = {
  /** The digest of what a tag names now, computed from what was received; null when there is none. */
  digestOfTag(tag: string): Promise<string | null>
  /** Does nothing for a blob that is there. */
  putBlob(blob: Blob): Promise<void>
  /** By a tag or by its digest. */
  putManifest(manifest: Blob, as: string): Promise<void>
}

const manifestTypes = [
  mediaTypes.index,
  mediaTypes.manifest,
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() })

const basic = ({ user, password }: Credentials) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** What a registry asks for in its `WWW-Authenticate`; null for what is no bearer scheme. */
function challengeFrom(header: string | null): URL | null {
  if (!header?.toLowerCase().startsWith('bearer ')) return null
  const fields = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  )
  const url = URL.parse(fields.get('realm') ?? '')
  for (const name of ['service', 'scope']) {
    const value = fields.get(name)
    if (value) url?.searchParams.set(name, value)
  }
  return url
}

async function tokenFor(header: string | null, credentials: Credentials | null) {
  const url = challengeFrom(header)
  if (!url) return credentials ? basic(credentials) : null
  const headers = credentials ? { authorization: basic(credentials) } : {}
  const answer = Token.parse(await (await fetch(url, { headers })).json())
  return `Bearer ${answer.token ?? answer.access_token ?? ''}`
}

/** Throws for an answer that is neither what was hoped for nor named in `also`. */
async function expectOk(response: Response, doing: string, also: readonly number[] = []) {
  if (response.ok || also.includes(response.status)) return response
  throw new Error(`${doing}: the registry said ${response.status}. ${await response.text()}`)
}

/**
 * Asks again with the token that the registry wants, which is kept for what follows and shown to
 * nobody but the registry: an upload may be sent elsewhere.
 */
function asking(origin: string, credentials: Credentials | null) {
  let authorization: string | null = null
  return async (url: URL | string, init: RequestInit = {}): Promise<Response> => {
    const ask = () => {
      const headers = new Headers(init.headers)
      if (authorization && new URL(url).origin === origin)
        headers.set('authorization', authorization)
      return fetch(url, { ...init, headers }).catch((cause: unknown) => {
        throw new StartError(`${new URL(url).host} cannot be reached.`, {
          cause,
        })
      })
    }
    const first = await ask()
    if (first.status !== 401) return first
    authorization = await tokenFor(first.headers.get('www-authenticate'), credentials)
    return authorization ? ask() : first
  }
}

/** A repository by its name as a manifest writes it, without a tag. */
export function openRepository(name: string, credentials: Credentials | null = null): Repository {
  const { origin, repository } = referenceFrom(name)
  const base = `${origin}/v2/${repository}`
  const ask = asking(origin, credentials)
  return {
    digestOfTag: async (tag) => {
      const response = await ask(`${base}/manifests/${tag}`, { headers: { accept: manifestTypes } })
      if (response.status === 404) return null
      await expectOk(response, `${name}:${tag}`)
      const digest = digestOf(await response.bytes())
      const said = response.headers.get('docker-content-digest')
      if (said && said !== digest) throw new Error(`${name}:${tag} is not what its registry says.`)
      return digest
    },
    putBlob: async ({ descriptor, bytes }) => {
      const { digest } = descriptor
      if ((await ask(`${base}/blobs/${digest}`, { method: 'HEAD' })).ok) return
      const begun = await ask(`${base}/blobs/uploads/`, { method: 'POST' })
      await expectOk(begun, `${name}: an upload`)
      const at = new URL(begun.headers.get('location') ?? '', origin)
      at.searchParams.set('digest', digest)
      const headers = { 'content-type': 'application/octet-stream' }
      await expectOk(
        await ask(at, { method: 'PUT', headers, body: new Uint8Array(bytes) }),
        `${name}: ${digest}`,
      )
    },
    putManifest: async ({ descriptor, bytes }, as) => {
      const headers = { 'content-type': descriptor.mediaType }
      const put = await ask(`${base}/manifests/${as}`, {
        method: 'PUT',
        headers,
        body: new Uint8Array(bytes),
      })
      await expectOk(put, `${name}:${as}`)
    },
  }
}
