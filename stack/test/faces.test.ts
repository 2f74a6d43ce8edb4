import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { ErrorCode } from '#schema/errors'
import { kebabOf } from '../../gateway/operations/versions.ts'
import { writeClient } from '../operations/client/main.ts'
import { registeredOperations } from '../operations.ts'
import type { Person } from '../testing/person.ts'
import { programToken, registerProgram } from '../testing/program.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

/** One failure, in whatever way a client may ask: the same operation, the same code. */
type Call = {
  readonly token: string
  readonly name: string
  readonly variables: object
  readonly version?: number
  readonly key?: string
}

type Face = (call: Call) => Promise<string>

type Program = { id: string; clientId: string; token: string }

let it: TestSystem
let admin: Person
let folder: string
let clock = 0
/** Of every operation that a test calls. */
const hashes = new Map<string, string>()
/** Makes the client that `bun run operations client` wrote. */
let createClient: (options: object) => Record<string, (...args: object[]) => Promise<unknown>>

const own = {
  FacesKept: 'query FacesKept { coaches(first: 1) { edges { node { slug } } } }',
  FacesEnded: 'query FacesEnded { coaches(first: 2) { edges { node { slug } } } }',
}

async function register(scopes: readonly string[]): Promise<Program> {
  const program = await registerProgram(admin, { scopes, rateLimitPerMinute: 6_000 })
  return { ...program, token: await programToken(it, program) }
}

const accepting = (version: number | undefined) => ({
  ...(version !== undefined && { accept: `application/vnd.plexus.v${version}+json` }),
})

const headersOf = ({ token, key, version }: Call) => ({
  ...{ authorization: `Bearer ${token}`, ...accepting(version) },
  ...(key !== undefined && { 'idempotency-key': key }),
})

const idOf = ({ name }: Call) => `sha256:${hashes.get(name)}`

const graphCode = async (response: Response): Promise<string> =>
  (await response.json()).errors?.[0].extensions.code ?? 'OK'

const post = (path: string, call: Call, body: object) =>
  fetch(`${it.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(call) },
    body: JSON.stringify(body),
  })

const byPost: Face = async (call) =>
  graphCode(await post('/graphql', call, { documentId: idOf(call), variables: call.variables }))

const byGet: Face = async (call) => {
  const query = new URLSearchParams({
    documentId: idOf(call),
    variables: JSON.stringify(call.variables),
  })
  return graphCode(await fetch(`${it.origin}/graphql?${query}`, { headers: headersOf(call) }))
}

const byRest: Face = async (call) => {
  const response = await post(`/api/${kebabOf(call.name)}`, call, call.variables)
  if (response.ok) return 'OK'
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = await response.json()
  expect(problem.status).toBe(response.status)
  return problem.code
}

/** What the official client says: of a refusal in the protocol, or of a request that was refused. */
const byMcp: Face = async (call) => {
  const client = new Client({ name: 'faces', version: '1.0.0' })
  const path = call.version === undefined ? '/mcp' : `/mcp/v${call.version}`
  const requestInit = { headers: { authorization: `Bearer ${call.token}` } }
  const transport = new StreamableHTTPClientTransport(new URL(path, it.origin), { requestInit })
  try {
    // The SDK's own types disagree where optional properties are exact.
    await client.connect(transport as Parameters<typeof client.connect>[0])
    const result = await client.callTool({
      name: kebabOf(call.name).replaceAll('-', '_'),
      arguments: { ...call.variables },
      _meta: { ...(call.key !== undefined && { 'plexus/idempotencyKey': call.key }) },
    })
    if (!result.isError) return 'OK'
    return String(Object(result._meta?.['plexus/error']).code)
  } catch (error) {
    const told = Object(error)
    return told.data?.code ?? /"code":"([A-Z_]+)"/.exec(told.message)?.[1] ?? String(error)
  } finally {
    await client.close()
  }
}

const byClient: Face = async ({ token, name, variables, version, key }) => {
  const send = (request: Request) => {
    for (const [header, value] of Object.entries(accepting(version)))
      request.headers.set(header, value)
    return fetch(request)
  }
  const options = { origin: it.origin, token: () => token, fetch: send, waitSecondsMax: 0 }
  const client = createClient(options)
  try {
    await client[name.charAt(0).toLowerCase() + name.slice(1)]?.(
      variables,
      key === undefined ? {} : { idempotencyKey: key },
    )
    return 'OK'
  } catch (error) {
    return String(Object(error).code ?? error)
  }
}

const faces = {
  'GraphQL by id, POST': byPost,
  'GraphQL by id, GET': byGet,
  REST: byRest,
  MCP: byMcp,
  'the generated client': byClient,
} as const satisfies Record<string, Face>

type FaceName = keyof typeof faces

async function publishAll({ clientId, token }: Program) {
  const operations = Object.entries(own).map(([name, document]) => ({ name, document }))
  const input = { clientName: clientId, clientVersion: '1', operations }
  const call = { token, name: 'PartnerPublishOperations', variables: { input } }
  const answer = await post('/graphql', call, { documentId: idOf(call), variables: { input } })
  const { data } = await answer.json()
  for (const { name, hash } of data.publishOperations.operations) hashes.set(name, hash)
}

async function writtenClient({ clientId, token }: Program) {
  const tokenFile = join(folder, 'token')
  await Bun.write(tokenFile, token)
  const from = ['--from', it.origin, '--token-file', tokenFile]
  const quiet = spyOn(console, 'log').mockImplementation(() => {})
  await writeClient(['--client', clientId, '--out', folder, ...from])
  quiet.mockRestore()
  return (await import(join(folder, 'client.ts'))).createClient
}

async function retire(name: string) {
  const list = `query ($search: String) { persistedOperations(first: 5, search: $search) {
    edges { node { id name } } } }`
  const { persistedOperations } = await admin.ask<{
    persistedOperations: { edges: { node: { id: string; name: string } }[] }
  }>(list, { search: name })
  const id = persistedOperations.edges.find(({ node }) => node.name === name)?.node.id
  await admin.ask('mutation ($id: ID!) { retireOperation(id: $id) { __typename } }', { id })
}

let program: Program
let other: Program
let poor: Program

beforeAll(async () => {
  it = await testSystem({ watch: false, now: () => new Date(Date.now() + clock) })
  admin = await it.admin()
  folder = await mkdtemp(join(tmpdir(), 'plexus-faces-'))
  for (const { name, hash } of await registeredOperations()) hashes.set(name, hash)
  program = await register(['bookings:read', 'operations:publish'])
  other = await register(['operations:publish'])
  poor = await register(['bookings:read'])
  await publishAll(program)
  const { token } = program
  const kept = { token, name: 'FacesKept', variables: {} }
  const ended = { token, name: 'FacesEnded', variables: {} }
  await until(async () => (await byPost(kept)) === 'OK' && (await byPost(ended)) === 'OK')
  createClient = await writtenClient(program)
}, 60_000)
afterAll(async () => {
  await it?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** What every face says to the same call. */
async function said(call: Call, without: readonly FaceName[] = []) {
  const names = Object.keys(faces).filter((name): name is FaceName => name in faces)
  const asked = names.filter((name) => !without.includes(name))
  const codes = await Promise.all(asked.map((name) => faces[name](call)))
  return Object.fromEntries(asked.map((name, index) => [name, codes[index]]))
}

const all = (code: ErrorCode | 'OK', without: readonly FaceName[] = []) =>
  Object.fromEntries(
    Object.keys(faces)
      .filter((name) => !without.some((one) => one === name))
      .map((name) => [name, code]),
  )

type Row = {
  readonly failure: string
  readonly code: ErrorCode | 'OK'
  readonly call: () => Call
  readonly before?: () => Promise<unknown>
  /** A mutation is not asked for by GET. */
  readonly without?: readonly FaceName[]
}

const coaches = (variables: object = { first: 1 }) => ({ name: 'PartnerCoaches', variables })
const key = crypto.randomUUID()
const publishing = (clientVersion: string) => {
  const operations = [{ name: 'FacesKept', document: own.FacesKept }]
  const input = { clientName: program.clientId, clientVersion, operations }
  return { token: program.token, name: 'PartnerPublishOperations', variables: { input }, key }
}

const rows: readonly Row[] = [
  {
    ...{ failure: 'nothing', code: 'OK' },
    call: () => ({ ...coaches(), token: program.token }),
  },
  {
    ...{ failure: 'a scope that the token has not', code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
    call: () => ({ name: 'PartnerBookings', variables: {}, token: other.token }),
  },
  {
    ...{ failure: 'a version that nobody published', code: 'UNKNOWN_VERSION' },
    call: () => ({ ...coaches(), token: program.token, version: 9 }),
  },
  {
    ...{ failure: 'a variable of another type', code: 'BAD_USER_INPUT' },
    call: () => ({ ...coaches({ first: 'many' }), token: program.token }),
  },
  {
    ...{ failure: 'an operation of another program', code: 'OPERATION_NOT_REGISTERED' },
    call: () => ({ name: 'FacesKept', variables: {}, token: other.token }),
  },
  {
    ...{ failure: 'a token that nobody signed', code: 'UNAUTHENTICATED' },
    call: () => ({ ...coaches(), token: `${program.token.slice(0, -8)}AAAAAAAA` }),
  },
  {
    ...{ failure: 'a retired operation', code: 'OPERATION_RETIRED' },
    before: () => retire('FacesEnded'),
    call: () => ({ name: 'FacesEnded', variables: {}, token: program.token }),
  },
  {
    ...{ failure: 'the same call with the same key', code: 'OK', without: ['GraphQL by id, GET'] },
    before: () => byPost(publishing('2')),
    call: () => publishing('2'),
  },
  {
    ...{ failure: 'another call with the same key', code: 'IDEMPOTENCY_MISMATCH' },
    ...{ without: ['GraphQL by id, GET'] },
    call: () => publishing('3'),
  },
  {
    ...{ failure: 'more than the plan allows', code: 'RATE_LIMITED' },
    before: () => spend(poor),
    call: () => ({ ...coaches({ first: 100 }), token: poor.token }),
  },
  {
    ...{ failure: 'a token of two hours ago', code: 'UNAUTHENTICATED' },
    before: async () => {
      clock = 2 * 3_600_000
    },
    call: () => ({ ...coaches(), token: program.token }),
  },
]

/** A plan of little, and all of it spent. */
async function spend({ id, token }: Program) {
  const set = `mutation ($input: SetClientPlanInput!) { setClientPlan(input: $input) { __typename } }`
  const points = { pointsPerMinute: 1, burst: 20, costMax: 20 }
  await admin.ask(set, { input: { clientId: id, plan: 'starter', ...points } })
  await until(async () => (await byPost({ ...coaches(), token })) === 'RATE_LIMITED')
}

for (const { failure, code, call, before, without = [] } of rows)
  test(`${failure}: ${code} on all faces`, async () => {
    await before?.()
    const wanted = all(code, without)
    const deadline = Date.now() + 2_000
    let codes = await said(call(), without)
    // What an administrator ended is told to the gateways within a second.
    while (!Bun.deepEquals(codes, wanted) && Date.now() < deadline) {
      await Bun.sleep(50)
      codes = await said(call(), without)
    }
    expect(codes).toEqual(wanted)
  }, 30_000)
