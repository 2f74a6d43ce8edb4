import { timingSafeEqual } from 'node:crypto'
import type { Control } from './control.ts'
import { expanded } from './expand.ts'
import { invalidRequest, StripeFault } from './fault.ts'
import { type FormFields, fieldsFrom } from './form.ts'
import { type Answer, claimKey, dropKey, keepAnswer, requestHash } from './idempotency.ts'
import { routeFor } from './routes.ts'
import type { Store } from './store.ts'
import { newId, type World } from './world.ts'

export type ApiDeps = {
  readonly store: Store
  readonly secretKey: string
  readonly control: Control
  /** A call's own view of the world. */
  worldOf(request: World['request']): World
  /** Something may have happened that is to be delivered. */
  changed(): void
}

/** The key in `Authorization: Bearer …`, or as the user of Basic, as curl's `-u key:` sends it. */
function keyFrom(request: Request): string {
  const [scheme = '', value = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return ''
  return Buffer.from(value, 'base64').toString().split(':')[0] ?? ''
}

function authenticate(request: Request, secretKey: string) {
  const [given, known] = [Buffer.from(keyFrom(request)), Buffer.from(secretKey)]
  if (given.length === known.length && timingSafeEqual(given, known)) return
  const message = given.length
    ? `Invalid API Key provided: ${given.toString().slice(0, 8)}****`
    : 'You did not provide an API key.'
  throw new StripeFault(401, { type: 'invalid_request_error', message })
}

const unknownUrl = (method: string, path: string) =>
  new StripeFault(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  })

const answerOf = ({ status, body }: StripeFault, id: string): Answer => ({
  status,
  body: JSON.stringify({ error: { ...body, request_log_url: `/v1/requests/${id}` } }),
})

type Call = {
  readonly id: string
  readonly key: string | null
  readonly hash: string
  readonly fields: FormFields
  readonly run: (world: World) => object | StripeFault
}

async function callFrom(request: Request, id: string): Promise<Call> {
  const { pathname, search } = new URL(request.url)
  const prepare = routeFor(request.method, pathname)
  if (!prepare) throw unknownUrl(request.method, pathname)
  const isRead = request.method === 'GET'
  const text = isRead ? search.slice(1) : await request.text()
  const fields = fieldsFrom(text)
  const key = isRead ? null : request.headers.get('idempotency-key')
  if (key && key.length > 255) {
    throw invalidRequest('The idempotency key is longer than 255 characters.')
  }
  const hash = requestHash(request.method, pathname, text)
  return { id, key, hash, fields, run: prepare(fields) }
}

/** Does the call and keeps its answer, in one transaction. */
function execute({ store, worldOf }: ApiDeps, call: Call): Answer {
  const world = worldOf({ id: call.id, idempotencyKey: call.key })
  return store.atomically(() => {
    const answer = answerTo(call, world)
    if (call.key) keepAnswer(store, call.key, answer)
    return answer
  })
}

/** What a fault that is thrown had done is undone; what it says is an answer like any other. */
function answerTo(call: Call, world: World): Answer {
  try {
    return world.store.atomically(() => {
      const result = call.run(world)
      if (result instanceof StripeFault) return answerOf(result, call.id)
      const body = JSON.stringify(expanded(world, result, call.fields.expand), null, 2)
      return { status: 200, body }
    })
  } catch (error) {
    if (error instanceof StripeFault) return answerOf(error, call.id)
    throw error
  }
}

function responseOf({ status, body }: Answer, headers: Record<string, string>): Response {
  const retry = status === 409 || status >= 500 ? 'true' : 'false'
  return new Response(body, {
    status,
    headers: {
      ...{ 'content-type': 'application/json', 'cache-control': 'no-cache, no-store' },
      ...{ 'stripe-should-retry': retry, ...headers },
    },
  })
}

/** One call of Stripe's API. Never throws but for a bug. */
export async function answerApi(request: Request, deps: ApiDeps): Promise<Response> {
  const id = newId('req', 14)
  const headers: Record<string, string> = { 'request-id': id }
  const version = request.headers.get('stripe-version')
  if (version) headers['stripe-version'] = version
  try {
    authenticate(request, deps.secretKey)
    const call = await callFrom(request, id)
    if (call.key) headers['idempotency-key'] = call.key
    const now = deps.worldOf({ id, idempotencyKey: null }).now
    const known = call.key && claimKey(deps.store, { key: call.key, request: call.hash, now })
    if (known) headers['idempotent-replayed'] = 'true'
    const answer = known || (await perform(request, call, deps))
    const lost = deps.control.after(request)
    return responseOf(lost ? answerOf(lost, id) : answer, headers)
  } catch (error) {
    if (error instanceof StripeFault) return responseOf(answerOf(error, id), headers)
    throw error
  }
}

async function perform(request: Request, call: Call, deps: ApiDeps): Promise<Answer> {
  try {
    const early = await deps.control.before(request)
    if (early) throw early
    const answer = execute(deps, call)
    deps.changed()
    return answer
  } catch (error) {
    // Nothing was done, so nothing is remembered.
    if (call.key) dropKey(deps.store, call.key)
    throw error
  }
}
