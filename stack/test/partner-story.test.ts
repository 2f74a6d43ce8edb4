import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020'
import { buildSchema } from 'graphql'
import { createMinter } from '#kit/identity-token'
import { seedDemo } from '../demo/seed.ts'
import { registeredOperations } from '../operations.ts'
import type { Person } from '../testing/person.ts'
import { type Program, programToken, registerProgram } from '../testing/program.ts'
import { type TestSystem, testSystem, until } from '../testing/system.ts'

let it: TestSystem
let admin: Person
let folder: string

beforeAll(async () => {
  it = await testSystem({ watch: false })
  admin = await it.admin()
  folder = await mkdtemp(join(tmpdir(), 'plexus-partner-story-'))
  const minter = createMinter({ privateJwk: it.secrets.identityJwk, now: () => new Date() })
  await seedDemo({ rooms: it.system.rooms, minter })
}, 120_000)
afterAll(async () => {
  await it?.stop()
  await rm(folder, { recursive: true, force: true })
})

const newProgram = () =>
  registerProgram(admin, { scopes: ['bookings:read', 'bookings:write', 'operations:publish'] })

type Sent = { method?: string; body?: unknown; headers?: Record<string, string> }

/** As the program sends it; the answer's JSON, or its text where it is none. */
function asProgram(token: string) {
  return async (path: string, { method, body, headers }: Sent = {}) => {
    const response = await fetch(`${it.origin}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { response, status: response.status, text, body: isJson ? JSON.parse(text) : null }
  }
}

const idOf = async (name: string) => {
  const operation = (await registeredOperations()).find((one) => one.name === name)
  return `sha256:${operation?.hash}`
}

const document = `query ClubCoaches($first: Int = 3) {
  coaches(first: $first) { edges { node { slug displayName } } pageInfo { hasNextPage } }
}`

const secret = 'query ClubCoaches { auditEvents { edges { node { id } } } }'

type Ask = ReturnType<typeof asProgram>

async function publish(ask: Ask, { clientId }: Program, text: string) {
  const input = {
    ...{ clientName: clientId, clientVersion: '1.0.0' },
    operations: [{ name: 'ClubCoaches', document: text }],
  }
  const documentId = await idOf('PartnerPublishOperations')
  const { body } = await ask('/graphql', { body: { documentId, variables: { input } } })
  return body.data.publishOperations
}

/** Refused until every gateway knows of what was just published. */
async function ran(ask: Ask, hash: string) {
  let last: Awaited<ReturnType<Ask>> | undefined
  await until(async () => {
    last = await ask('/graphql', {
      body: { documentId: `sha256:${hash}`, variables: { first: 2 } },
    })
    return last.status === 200
  })
  return last?.body.data
}

async function byMcp(token: string) {
  const client = new Client({ name: 'club', version: '1.0.0' })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  const transport = new StreamableHTTPClientTransport(new URL(`${it.origin}/mcp`), { requestInit })
  // The SDK's own types disagree where optional properties are exact.
  await client.connect(transport as Parameters<typeof client.connect>[0])
  try {
    const { tools } = await client.listTools()
    const tool = tools.find(({ name }) => /club.?coaches/i.test(name))
    if (!tool) throw new Error(tools.map(({ name }) => name).join())
    return await client.callTool({ name: tool.name, arguments: { first: 2 } })
  } finally {
    await client.close()
  }
}

async function byGeneratedClient(token: string, { clientId }: Program) {
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, token)
  const args = ['--client', clientId, '--out', folder, '--from', it.origin]
  const child = Bun.spawn(
    [process.execPath, 'stack/operations.ts', 'client', ...args, '--token-file', tokenFile],
    { cwd: join(import.meta.dir, '../..'), stdout: 'pipe', stderr: 'pipe' },
  )
  const said = await new Response(child.stderr).text()
  if ((await child.exited) !== 0) throw new Error(said)
  const generated = await import(join(folder, 'client.ts'))
  const client = generated.createClient({ origin: it.origin, token: () => token })
  return client.clubCoaches({ first: 2 })
}

test('a partner from nothing: credentials, contract, an operation of its own by four faces, quota, cut off', async () => {
  const program = await newProgram()
  const token = await programToken(it, program)
  const ask = asProgram(token)

  const sdl = await ask('/api/schema.graphql')
  const contract = buildSchema(sdl.text)
  expect(contract.getType('Coach')).toBeDefined()
  expect(contract.getType('AuditEvent')).toBeUndefined()

  expect(await publish(ask, program, secret)).toMatchObject({
    __typename: 'OperationRejectedError',
  })
  const published = await publish(ask, program, document)
  expect(published).toMatchObject({ __typename: 'OperationsPublished', accepted: 1 })
  expect(await publish(ask, program, document)).toMatchObject({ accepted: 0, unchanged: 1 })
  const [{ hash }] = published.operations

  const data = await ran(ask, hash)
  expect(data.coaches.edges).toHaveLength(2)

  const rest = await ask('/api/v1/club-coaches?first=2')
  expect(rest.status).toBe(200)
  expect(rest.body).toEqual(data.coaches)
  const openapi = (await ask('/api/openapi.json')).body
  expect(await new Validator().validate(structuredClone(openapi))).toMatchObject({ valid: true })
  const answer = openapi.paths['/club-coaches'].get.responses['200'].content
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile({
    ...answer['application/json'].schema,
    components: openapi.components,
  })
  expect(validate(rest.body) || validate.errors).toBe(true)
  expect(validate({ edges: 'none' })).toBe(false)

  const tool = await byMcp(token)
  expect(tool.isError ?? false).toBe(false)
  expect(JSON.stringify(tool.structuredContent)).toContain(data.coaches.edges[0].node.slug)

  expect(await byGeneratedClient(token, program)).toEqual(data)

  await quotaIsHit(ask, program, hash)
  await isCutOff(ask, program)
}, 120_000)

/** A plan of little: the same refusal in three faces, with the time to wait. */
async function quotaIsHit(ask: Ask, { id }: Program, hash: string) {
  const set = `mutation ($input: SetClientPlanInput!) { setClientPlan(input: $input) { __typename } }`
  const input = { clientId: id, plan: 'starter', pointsPerMinute: 20, burst: 20, costMax: 20 }
  expect(await admin.ask(set, { input })).toEqual({
    setClientPlan: { __typename: 'ClientPlanSet' },
  })
  const body = { documentId: `sha256:${hash}`, variables: { first: 2 } }
  let refused = await ask('/graphql', { body })
  await until(async () => {
    refused = await ask('/graphql', { body })
    return refused.status === 429
  })
  expect(refused.body.errors[0].extensions.code).toBe('RATE_LIMITED')
  expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.response.headers.get('ratelimit')).toContain('r=')
  const rest = await ask('/api/v1/club-coaches?first=2')
  expect([rest.status, rest.body.code]).toEqual([429, 'RATE_LIMITED'])
  expect(await admin.ask(set, { input: { clientId: id, plan: 'scale' } })).toBeDefined()
  await until(async () => (await ask('/graphql', { body })).status === 200)
}

async function isCutOff(ask: Ask, { id }: Program) {
  await admin.ask('mutation ($id: ID!) { disableApiClient(id: $id) { __typename } }', { id })
  await until(async () => (await ask('/api/v1/club-coaches')).status === 401)
  const body = { documentId: await idOf('PartnerBookings') }
  expect((await ask('/graphql', { body })).body.errors[0].extensions.code).toBe('UNAUTHENTICATED')
}

test('a hold that is sent again with its key is the one of before, on every face; another body is refused', async () => {
  const ask = asProgram(await programToken(it, await newProgram()))
  const held = await holdOnce(ask)
  const { headers, variables } = held
  const again = await ask('/graphql', { body: held.body, headers })
  expect(again.text).toBe(held.first.text)
  expect(again.response.headers.get('idempotent-replayed')).toBe('true')
  const other = { ...held.body, variables: { input: { ...variables.input, seats: 2 } } }
  const refused = await ask('/graphql', { body: other, headers })
  expect(refused.status).toBe(422)
  expect(refused.body.errors[0].extensions.code).toBe('IDEMPOTENCY_MISMATCH')
  const rest = { body: { input: { ...variables.input, seats: 3 } }, headers }
  const problem = await ask('/api/v1/partner-hold-slot', rest)
  expect([problem.status, problem.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
}, 60_000)

async function holdOnce(ask: Ask) {
  const coach = await ask('/api/v1/partner-coach?slug=lea-martin')
  const serviceId = coach.body.services.edges[0].node.id
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const range = { serviceId, from: at(3), to: at(20), timeZone: 'Europe/Paris' }
  const slots = await ask('/api/v1/partner-slots', { body: { input: range } })
  const [slot] = slots.body.days.flatMap((day: { slots: object[] }) => day.slots)
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const input = { idempotencyKey: crypto.randomUUID(), slotToken: slot.token, seats: 1 }
  const variables = { input }
  const body = { documentId: await idOf('PartnerHoldSlot'), variables }
  const first = await ask('/graphql', { body, headers })
  expect(first.body.data.holdSlot.__typename).toBe('SlotHeld')
  return { first, body, variables, headers }
}
