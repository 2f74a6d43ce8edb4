import { join } from 'node:path'
import { buildSchema, graphql } from 'graphql'
import { createMockAccount, type MockAccount, sessionFacts } from './mock-account.ts'
import { createMockAdmin, type MockAdmin } from './mock-admin.ts'
import { mockGraph } from './mock-graph.ts'
import { createMockHealth, healthRoot, type MockHealth } from './mock-health.ts'
import { streamed } from './mock-live.ts'
import { createMockOffice, type MockOffice, withOffice } from './mock-office.ts'
import { createMockRegistry, type MockRegistry, registryRoot } from './mock-registry.ts'
import { mockRoot } from './mock-resolvers.ts'
import { createMockState, type MockState } from './mock-state.ts'

type Asked = {
  documentId?: string
  query?: string
  operationName?: string
  variables?: Record<string, unknown>
}
type Operation = { hash: string; name: string; document: string }

/** What a test may do to the answers of one operation. */
export type Fault = 'unavailable' | 'internal' | 'signed-out' | 'denied' | 'never'

export type MockGateway = {
  url: string
  state: MockState
  office: MockOffice
  account: MockAccount
  admin: MockAdmin
  registry: MockRegistry
  health: MockHealth
  /** By operation name. `never` leaves the request open: the loading state stays. */
  faults: Map<string, Fault>
  roles: string[]
  /** Open streams, each as what cuts it. */
  streams: Set<() => void>
  displayName: string
  /** What each sign-in was asked with. */
  logins: string[]
  stop(): Promise<void>
}

const root = join(import.meta.dir, '../..')
const cookie = 'mock-session=1'
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** As the gateway answers for GraphiQL, which writes inline styles and starts workers. */
const explorerPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const codes = {
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
  'signed-out': 'UNAUTHENTICATED',
  denied: 'UNAUTHORIZED_FIELD_OR_TYPE',
}

const signedIn = (request: Request): boolean =>
  request.headers.get('cookie')?.includes(cookie) ?? false

function failed(fault: keyof typeof codes, status = 200): Response {
  const requestId = 'req-7d2f90c1'
  const error = { message: fault, extensions: { code: codes[fault], requestId } }
  const headers = { 'x-request-id': requestId }
  return Response.json({ data: null, errors: [error] }, { status, headers })
}

async function graphqlHandler(
  gateway: MockGateway,
): Promise<(request: Request) => Promise<Response>> {
  const schema = buildSchema(await Bun.file(join(root, 'schema/api.graphql')).text())
  const operations: Operation[] = await Bun.file(join(root, 'schema/operations.json')).json()
  const byHash = new Map(operations.map((operation) => [`sha256:${operation.hash}`, operation]))
  return async (request) => {
    const body: Asked = await request.json()
    const isExplorer = gateway.roles.includes('admin') && signedIn(request)
    const operation =
      body.query && isExplorer
        ? { name: body.operationName ?? '', document: body.query }
        : byHash.get(body.documentId ?? '')
    if (!operation) return failed('internal')
    const fault = gateway.faults.get(operation.name)
    if (fault === 'never') return new Promise(() => {})
    if (fault) return failed(fault)
    if (/^(HoldSlot|ConfirmBooking|ReleaseHold)$/.test(operation.name) && !signedIn(request))
      return failed('denied', 403)
    const viewerId = signedIn(request) ? 'viewer-1' : null
    const graph = mockGraph(gateway.state, viewerId)
    const variables = body.variables ?? {}
    const source = operation.document
    if (source.startsWith('subscription'))
      return streamed(graph, { schema, source, variables }, gateway.streams)
    const isAdmin = isExplorer
    const { office, account, admin, registry, health } = gateway
    const rootValue = {
      ...withOffice(mockRoot(graph), { office, account, admin, isAdmin }),
      ...healthRoot(health),
      ...registryRoot({ registry, isAdmin, programs: office.apiClients }),
    }
    const { operationName } = body
    const result = await graphql({
      ...{ schema, source, rootValue, operationName },
      variableValues: variables,
    })
    return Response.json(result, { headers: { 'x-request-id': 'req-ok' } })
  }
}

function session(gateway: MockGateway, request: Request): Response {
  const { displayName, roles, account } = gateway
  if (!signedIn(request)) return Response.json({ authenticated: false, silent: account.silent })
  return Response.json({ authenticated: true, displayName, roles, ...sessionFacts(account) })
}

/** The provider's pages are left out: whoever is sent there comes back as if all had gone well. */
function login({ account, logins }: MockGateway, request: Request): Response {
  const { searchParams, search } = new URL(request.url)
  const location = searchParams.get('returnTo') ?? '/'
  logins.push(search)
  if (searchParams.get('acr') === '2') account.acr = '2'
  const headers = { location, 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax` }
  return new Response(null, { status: 303, headers })
}

function logout(request: Request): Response {
  if (request.headers.get('x-plexus-csrf') !== '1') return new Response(null, { status: 403 })
  const headers = { 'set-cookie': 'mock-session=; Path=/; Max-Age=0' }
  return Response.json({ redirectUrl: '/' }, { headers })
}

async function page(distDir: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const file = Bun.file(join(distDir, pathname))
  const isFile = pathname !== '/' && (await file.exists())
  return new Response(isFile ? file : Bun.file(join(distDir, 'index.html')), {
    headers: { 'content-security-policy': policy },
  })
}

function explorer(gateway: MockGateway, distDir: string, request: Request): Response {
  if (!signedIn(request) || !gateway.roles.includes('admin'))
    return new Response('Forbidden', { status: 403 })
  return new Response(Bun.file(join(distDir, 'explorer/index.html')), {
    headers: { 'content-security-policy': explorerPolicy },
  })
}

/** The gateway as the page sees it, in memory: built files, session and graph. For tests and for design work. */
export async function startMockGateway(distDir: string, port = 0): Promise<MockGateway> {
  const gateway: MockGateway = {
    url: '',
    state: createMockState(),
    office: createMockOffice(),
    account: createMockAccount(),
    admin: createMockAdmin(),
    registry: createMockRegistry(),
    health: createMockHealth(),
    logins: [],
    faults: new Map(),
    roles: ['client'],
    streams: new Set(),
    displayName: 'Léa Fontaine',
    stop: async () => {},
  }
  const answer = await graphqlHandler(gateway)
  const server = Bun.serve({
    port,
    hostname: 'localhost',
    idleTimeout: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/graphql') return answer(request)
      if (pathname === '/auth/session') return session(gateway, request)
      if (pathname === '/auth/login') return login(gateway, request)
      if (pathname === '/config.json') return Response.json({ provider: { label: 'Plexus ID' } })
      if (pathname === '/auth/logout') return logout(request)
      if (pathname === '/graphiql') return explorer(gateway, distDir, request)
      return page(distDir, request)
    },
  })
  gateway.url = `http://localhost:${server.port}`
  gateway.state.origin = gateway.url
  gateway.stop = () => server.stop(true)
  return gateway
}

if (import.meta.main) {
  const { url } = await startMockGateway(join(root, 'dist/web'), 3_100)
  console.log(url)
}
