import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Json, type JsonRecord, textOf } from '../render/json.ts'
import { nameOf, namespaceOf, titleOf } from '../render/resource.ts'

/** What a client needs to be somebody; `kubeconfig` says the same to kubectl. */
export const Address = z.object({
  origin: z.string(),
  ca: z.string(),
  cert: z.string(),
  key: z.string(),
  kubeconfig: z.string(),
})
export type Address = z.output<typeof Address>

export type Answer = { readonly status: number; readonly body: JsonRecord; readonly says: string }

type Ask = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: JsonRecord
  readonly as?: string
}

const Resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
})
type Kind = { readonly plural: string; readonly namespaced: boolean }

export type Api = {
  readonly address: Address
  ask(path: string, ask?: Ask): Promise<Answer>
  /** As Flux applies: the fields that are named, none that is unknown. `dry` changes nothing. */
  apply(manifest: JsonRecord, options?: { dry?: boolean; as?: string }): Promise<Answer>
  /** Made anew, so that every admission of a creation looks at it. */
  create(manifest: JsonRecord, options?: { dry?: boolean; as?: string }): Promise<Answer>
}

const groupPath = (apiVersion: string) =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`

const applying = { PATCH: 'application/apply-patch+yaml' } as const

/** Speaks to the API server of a folder as its administrator. */
export async function clientOf(address: Address): Promise<Api> {
  const [ca, cert, key] = await Promise.all(
    [address.ca, address.cert, address.key].map((file) => readFile(file, 'utf8')),
  )
  const kinds = new Map<string, Promise<Map<string, Kind>>>()

  async function ask(path: string, { method = 'GET', body, as }: Ask = {}): Promise<Answer> {
    const response = await fetch(`${address.origin}${path}`, {
      method,
      headers: {
        'content-type': method === 'PATCH' ? applying.PATCH : 'application/json',
        ...(as && { 'impersonate-user': as }),
      },
      ...(body && { body: JSON.stringify(body) }),
      tls: { ca, cert, key },
    })
    const text = await response.text()
    const answer = z.record(z.string(), z.json()).safeParse(parsed(text))
    // Zod's Json and ours are the same values; only ours may be written to.
    const record = (answer.data ?? {}) as JsonRecord
    return { status: response.status, body: record, says: textOf(record.message) || text }
  }

  async function kindsOf(apiVersion: string): Promise<Map<string, Kind>> {
    const { status, body } = await ask(groupPath(apiVersion))
    if (status !== 200) return new Map()
    const own = Resources.parse(body).resources.filter(({ name }) => !name.includes('/'))
    return new Map(
      own.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }] as const),
    )
  }

  async function collectionOf(manifest: JsonRecord): Promise<string> {
    const apiVersion = textOf(manifest.apiVersion)
    const known = kinds.get(apiVersion) ?? kindsOf(apiVersion)
    kinds.set(apiVersion, known)
    const kind = (await known).get(textOf(manifest.kind))
    if (!kind) throw new Error(`${titleOf(manifest)}: the server knows no such kind`)
    const room = kind.namespaced ? `/namespaces/${namespaceOf(manifest) || 'default'}` : ''
    return `${groupPath(apiVersion)}${room}/${kind.plural}`
  }

  const query = (dry: boolean) =>
    `fieldValidation=Strict&fieldManager=plexus${dry ? '&dryRun=All' : ''}`

  return {
    address,
    ask,
    apply: async (manifest, { dry = false, as } = {}) =>
      ask(`${await collectionOf(manifest)}/${nameOf(manifest)}?force=true&${query(dry)}`, {
        method: 'PATCH',
        body: manifest,
        ...(as && { as }),
      }),
    create: async (manifest, { dry = false, as } = {}) =>
      ask(`${await collectionOf(manifest)}?${query(dry)}`, {
        method: 'POST',
        body: manifest,
        ...(as && { as }),
      }),
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Throws with what the server says unless it accepted. */
export function accepted({ status, says, body }: Answer): JsonRecord {
  if (status < 300) return body
  throw new Error(says)
}
