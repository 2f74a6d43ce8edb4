import { AppError } from '#kit/errors'
import type { Exchange } from '../../exchange.ts'
import { type ProblemPlace, problemResponse } from '../../problem.ts'
import type { Face } from '../faces.ts'
import type { RegisteredOperation } from '../registry.ts'
import { runRegistered } from '../run.ts'
import { newestVersion, unknownVersion } from '../versions.ts'
import { type Address, addressOf, aliased } from './address.ts'
import { resourceOf } from './answer.ts'
import { createDescribe, type DescribingDeps, keptBy } from './describe.ts'
import { pageOf } from './page/page.ts'
import { nameAt, publishedFor, whoseOf } from './published.ts'
import { signatureOf } from './signature.ts'
import { variablesOf } from './variables.ts'

export type RestDeps = DescribingDeps

type Next = () => Promise<Response>

/** Registered operations as resources below /api; everything there that no other face has. */
export function createRest(deps: RestDeps): Face {
  const describe = createDescribe(deps)
  return {
    owns: (path) => path === '/api' || path.startsWith('/api/') || aliased(path) !== null,
    handle: async (exchange, next) => {
      const { pathname } = exchange.url
      const names = aliased(pathname)
      if (names) return runAlias(names, { exchange, next }, deps)
      const address = addressOf(pathname)
      if (address?.kind === 'operation') return runAt(address, { exchange, next }, deps)
      if (!address) throw notFound()
      requireGet(exchange)
      const description = describe(exchange, address.version)
      return address.kind === 'page'
        ? pageOf(description, exchange, deps.site)
        : Response.json(description.document, { headers: keptBy(exchange) })
    },
  }
}

const notFound = () => new AppError('NOT_FOUND', 'There is nothing at this address.')

type Asked = { readonly exchange: Exchange; readonly next: Next }

/** The first of the names that the caller has an operation for. */
async function runAlias(names: readonly string[], asked: Asked, deps: RestDeps) {
  const published = publishedFor(deps.registry, whoseOf(asked.exchange, deps.webClientId))
  const name = names.find((one) => published.has(one))
  if (name === undefined)
    throw new AppError('NOT_FOUND', 'There is no operation behind this address yet.')
  return runAt({ kind: 'operation', version: null, name, segment: null }, asked, deps)
}

type Operation = Extract<Address, { kind: 'operation' }>

async function runAt(address: Operation, { exchange, next }: Asked, deps: RestDeps) {
  const { request, url, requestId } = exchange
  const place: ProblemPlace = { instance: url.pathname, requestId }
  const operation = operationAt(address, exchange, deps)
  if (!operation) return notRegistered(place)
  const signature = signatureOf(deps.view().schema, operation.document)
  if (address.segment !== null && signature.inPath === null) throw notFound()
  const isStream = operation.kind === 'subscription'
  requireMethod(operation, exchange)
  const unread = isStream ? unlessEvents(request) : null
  if (unread) return problemResponse(unread, place)
  const { values, faults } = await variablesOf(exchange, signature, address.segment)
  if (faults.length > 0) {
    const detail = `These values are not valid: ${faults.map(({ name }) => name).join(', ')}.`
    const told = { status: 400, code: 'BAD_USER_INPUT', detail, errors: faults }
    return problemResponse(told, place)
  }
  const graph = await runRegistered(exchange, next, {
    ...{ operation, variables: values },
    ...(operation.kind === 'query' && request.method === 'GET' && { method: 'GET' }),
    ...(isStream && { accept: 'text/event-stream' }),
  })
  if (graph.headers.get('content-type')?.startsWith('text/event-stream')) return graph
  return resourceOf(graph, { signature, place, isOneThing: address.segment !== null })
}

/** Null for what this caller has not. Throws UNKNOWN_VERSION. */
function operationAt(
  { name, version }: Operation,
  exchange: Exchange,
  { registry, webClientId }: RestDeps,
): RegisteredOperation | null {
  const whose = whoseOf(exchange, webClientId)
  const newest = newestVersion(registry, whose.clients)
  const asked = version ?? exchange.version ?? 1
  const isContradiction = exchange.version !== null && exchange.version !== asked
  if (asked < 1 || asked > newest) throw unknownVersion(asked, newest)
  if (isContradiction)
    throw new AppError('UNKNOWN_VERSION', `The path says ${asked}, Accept ${exchange.version}.`)
  const found = nameAt(publishedFor(registry, whose), name, asked)
  return found === null ? null : registry.byName(found, whose.clients)
}

/** The same words for what nobody registered and for what others have. */
const notRegistered = (place: ProblemPlace) =>
  problemResponse(
    {
      ...{ status: 404, code: 'OPERATION_NOT_REGISTERED' },
      detail: 'This operation is not registered.',
    },
    place,
  )

const methods = { query: 'GET, POST', mutation: 'POST', subscription: 'GET' } as const

function requireMethod({ kind }: RegisteredOperation, exchange: Exchange): void {
  const allowed = methods[kind]
  if (allowed.split(', ').includes(exchange.request.method)) return
  exchange.responseHeaders.set('allow', allowed)
  throw new AppError('METHOD_NOT_ALLOWED', `This address answers ${allowed}.`)
}

function requireGet({ request, responseHeaders }: Exchange): void {
  if (request.method === 'GET') return
  responseHeaders.set('allow', 'GET')
  throw new AppError('METHOD_NOT_ALLOWED', 'This address answers GET.')
}

/** Null for who reads events. */
function unlessEvents({ headers }: Request) {
  if (/\btext\/event-stream\b/i.test(headers.get('accept') ?? '')) return null
  return { status: 406, code: 'BAD_REQUEST', detail: 'This is a stream: accept text/event-stream.' }
}
