import { createHash } from 'node:crypto'
import type { Metrics } from '#kit/metrics'
import { annotate } from '#kit/serve'
import type { Quota } from '../admission/quota.ts'
import type { Exchange, Ran, Registered, Stage } from '../exchange.ts'
import { finish } from '../finished.ts'
import { encodingFor, hasTag } from '../http/negotiate.ts'
import { createLru } from '../lru.ts'
import type { KeptObserver } from './observed.ts'
import type { MemoryStore } from './store.memory.ts'
import { ageOf, type Entry, freshnessOf } from './store.ts'

/** A whole HTTP answer, in each form of its bytes. */
type Page = {
  readonly key: string
  readonly entry: Entry
  readonly registered: Registered
  /** The graph that was served when it was asked for. */
  readonly served: object
  readonly plain: Form
  /** Null for one that is too short to be worth it. */
  readonly gzip: Form | null
}

type Form = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly tag: string
  readonly headers: Readonly<Record<string, string>>
}

export type FrontDeps = {
  readonly memory: Pick<MemoryStore, 'holds'>
  readonly isDeaf: () => boolean
  /** The graph that answers now. */
  readonly served: () => object
  /** Whether it is still what is run under its id. */
  readonly isServed: (registered: Registered) => boolean
  /** What an answer costs that nobody has to work for is drawn here; throws RATE_LIMITED. */
  readonly quota?: Quota | undefined
  readonly observer: KeptObserver
  readonly metrics: Pick<Metrics, 'operation'>
  /** Told of each answer that it gave, as of any other. */
  readonly ran?: ((run: Ran) => void) | undefined
  readonly bytesMax: number
  readonly nowMs: () => number
}

const entriesMax = 10_000
const worthCompressing = 1_024
/** Made once and sent often. */
const level = 6

/**
 * Answers nobody's GET of a public operation by its address alone, before anything of it is read, as
 * long as the kept answer that it was made of is fresh and held. All else is handed on.
 */
export function createFront(deps: FrontDeps): Stage {
  const { memory, isDeaf, observer, bytesMax, nowMs } = deps
  const pages = createLru<string, Page>({ entriesMax, bytesMax })
  const pageFor = (address: string): Page | null => {
    const page = pages.get(address)
    if (!page || isDeaf()) return null
    const { key, entry, registered, served } = page
    const isFresh = memory.holds(key, entry) && freshnessOf(entry, nowMs()) === 'fresh'
    if (isFresh && served === deps.served() && deps.isServed(registered)) return page
    pages.delete(address)
    return null
  }
  return async (exchange, next) => {
    // A face puts its own in the place of what came in.
    const { request } = exchange
    const address = addressOf(exchange)
    if (address === null) return next()
    const page = pageFor(address)
    if (page) {
      await pay(exchange, deps.quota)
      tell(exchange, page, deps)
      return answer(page, request, ageOf(page.entry, nowMs()))
    }
    const served = deps.served()
    const response = await next()
    const made = await pageOf(exchange, response, served)
    if (!made) return response
    observer.looked('page', 'miss')
    if (memory.holds(made.key, made.entry))
      pages.set(address, made, weightOf(made) + address.length * 2)
    return answer(made, request, ageOf(made.entry, nowMs()))
  }
}

const least = 1

async function pay(exchange: Exchange, quota: Quota | undefined): Promise<void> {
  const drawing = await quota?.(exchange, least)
  drawing?.settle(least)
}

/** What the stages that were passed over would have told. */
function tell(
  exchange: Exchange,
  { registered }: Page,
  { observer, metrics, ran }: FrontDeps,
): void {
  exchange.registered = registered
  annotate({ operation: registered.name })
  observer.looked('page', 'hit')
  metrics.operation({ operation: registered.name, outcome: 'ok', seconds: 0 })
  ran?.({ exchange, isFailed: false, seconds: 0 })
}

/** Null for whatever is not nobody's GET. */
function addressOf({ request, credential, viewer, version }: Exchange): string | null {
  if (request.method !== 'GET' || credential !== 'anonymous' || viewer !== null) return null
  const { headers } = request
  if (headers.has('cookie') || headers.has('authorization')) return null
  return `${headers.get('accept') ?? ''} ${version ?? ''} ${request.url}`
}

/** What the next one of the same bytes may say otherwise. */
const ofOneAnswer: ReadonlySet<string> = new Set(['age', 'content-length', 'etag', 'x-request-id'])

/** Null for an answer that caches may not keep, or that was not kept. */
async function pageOf(
  { kept, registered }: Exchange,
  response: Response,
  served: object,
): Promise<Page | null> {
  const { status, headers } = response
  const policy = headers.get('cache-control')
  if (!kept?.entry || !registered || status !== 200 || !policy?.startsWith('public')) return null
  // Somebody's own, or in a form that somebody else has chosen.
  if (headers.has('set-cookie') || headers.has('content-encoding')) return null
  const bytes = new Uint8Array(await response.arrayBuffer())
  const common = {
    ...Object.fromEntries([...headers].filter(([name]) => !ofOneAnswer.has(name))),
    vary: [headers.get('vary'), 'accept-encoding'].filter(Boolean).join(', '),
  }
  const zipped = bytes.byteLength < worthCompressing ? null : Bun.gzipSync(bytes, { level })
  return {
    ...{ key: kept.key, entry: kept.entry, registered, served },
    plain: formOf(bytes, common),
    gzip: zipped && formOf(zipped, { ...common, 'content-encoding': 'gzip' }),
  }
}

function formOf(bytes: Uint8Array<ArrayBuffer>, headers: Form['headers']): Form {
  // Each form is its own bytes, so each has a tag of its own.
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { bytes, tag, headers: { ...headers, etag: tag } }
}

const gzipAlone = ['gzip'] as const

const weightOf = ({ plain, gzip }: Page) =>
  plain.bytes.byteLength + (gzip?.bytes.byteLength ?? 0) + 2_048

function answer({ plain, gzip }: Page, { headers: asked }: Request, age: number): Response {
  const form = gzip && encodingFor(asked.get('accept-encoding'), gzipAlone) ? gzip : plain
  const headers = new Headers(form.headers)
  headers.set('age', String(age))
  const known = asked.get('if-none-match')
  if (known === null || !hasTag(known, form.tag))
    return finish(new Response(form.bytes, { headers }))
  for (const name of ['content-type', 'content-encoding']) headers.delete(name)
  return finish(new Response(null, { status: 304, headers }))
}
