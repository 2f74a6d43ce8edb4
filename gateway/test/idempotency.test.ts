import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { buildSchema, GraphQLError } from 'graphql'
import { errorResponse } from '#kit/errors'
import { createLog } from '#kit/log'
import type { Pool } from '#kit/postgres'
import { type TestDatabase, testDatabase } from '../../stack/testing/database.ts'
import type { Quota } from '../admission/quota.ts'
import { exchangeOf, inOrder, type Stage } from '../exchange.ts'
import { idempotentOver } from '../idempotent.ts'
import { registryFrom, sha256 } from '../operations/registry.ts'
import { eventually } from './edge-harness.ts'
import { compose } from './fake-subgraphs.ts'
import { startHarness } from './harness.ts'

const sdl = `
input PayInput { idempotencyKey: String!, amount: Int! }
type Receipt { number: Int!, amount: Int!, secretShownOnce: String }
type Query { hello: String }
type Mutation {
  pay(input: PayInput!): Receipt
  add(amount: Int!): Receipt
  hidden: Receipt @authenticated
}`
const typeDefs = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated"]
) ${sdl}`
const schema = buildSchema(`directive @authenticated on FIELD_DEFINITION ${sdl}`)
const secret = 'what only one answer says'

/** What the subgraph did, and what it does instead of answering. */
const till = {
  receipts: [] as number[],
  keys: [] as string[],
  instead: async (): Promise<void> => {},
}
async function receipt(amount: number) {
  till.receipts.push(amount)
  await till.instead()
  return { number: till.receipts.length, amount, secretShownOnce: secret }
}
const resolvers = {
  Query: { hello: () => 'world' },
  Mutation: {
    pay: (_: unknown, { input }: { input: { idempotencyKey: string; amount: number } }) => {
      till.keys.push(input.idempotencyKey)
      return receipt(input.amount)
    },
    add: (_: unknown, { amount }: { amount: number }) => receipt(amount),
    hidden: () => receipt(0),
  },
}

let db: TestDatabase
let admin: Pool
beforeAll(async () => {
  db = await testDatabase()
  admin = db.connectAdmin()
})
afterAll(() => db.drop())
beforeEach(() => {
  Object.assign(till, { receipts: [], keys: [], instead: async () => {} })
})

const documents = {
  Add: 'mutation Add($amount: Int!) { add(amount: $amount) { number amount secretShownOnce } }',
  Pay: 'mutation Pay($input: PayInput!) { pay(input: $input) { number amount } }',
  Hidden: 'mutation Hidden { hidden { number } }',
  Hello: 'query Hello { hello }',
}
type Name = keyof typeof documents
const registry = registryFrom(
  JSON.stringify(
    Object.entries(documents).map(([name, document]) => ({
      ...{ name, document, hash: sha256(document), client: 'web', contract: 'public' },
      kind: name === 'Hello' ? 'query' : 'mutation',
    })),
  ),
)
const operations = { registry, freeText: () => false, webClientId: 'web-client' }
const keys = [{ id: 'k1', key: new Uint8Array(randomBytes(32)) }]

type Asking = {
  readonly key?: string
  readonly variables?: Record<string, unknown>
  readonly person?: string
  readonly signal?: AbortSignal
}

const ada = '00000000-0000-7000-8000-00000000000a'
const bob = '00000000-0000-7000-8000-00000000000b'

type InstanceOptions = { readonly quota?: Quota; readonly sql?: Pool; readonly without?: boolean }

/** A gateway from the second stage on, over the database that all of them share. */
function instance({ quota = async () => null, sql, without }: InstanceOptions = {}) {
  const supergraph = compose({ till: typeDefs })
  const graph = startHarness({
    ...{ ...operations, supergraph, rooms: [{ name: 'till', typeDefs, resolvers }], quota },
    deadlineMs: 5_000,
  })
  const stage = idempotentOver({
    ...{ sql: sql ?? db.connect('gateway'), keys, operations, quota, schema: () => schema },
    ...{ deadlineMs: 5_000, log: createLog({ service: 'gateway', level: 'silent' }) },
  })
  const who =
    (person: string): Stage =>
    (exchange, next) => {
      const level = { acr: '1', actor: null, sessionId: null }
      exchange.credential = person === '' ? 'anonymous' : 'session'
      exchange.viewer =
        person === '' ? null : { id: person, roles: [], scopes: new Set(['self']), ...level }
      return next()
    }
  return async (name: Name, { key, variables = {}, person = ada, signal }: Asking = {}) => {
    const request = new Request('http://localhost:3000/graphql', {
      ...{ method: 'POST', signal: signal ?? null },
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify({ documentId: `sha256:${sha256(documents[name])}`, variables }),
    })
    const stages = without ? [who(person), graph.graph] : [who(person), stage, graph.graph]
    const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
    const exchange = exchangeOf(request, info, request.signal)
    const response = await inOrder(stages)(exchange).catch((error: unknown) =>
      errorResponse(error, 'request-1'),
    )
    const text = await response.text()
    const { data, errors } = JSON.parse(text)
    const isReplayed = response.headers.get('idempotent-replayed') === 'true'
    return { status: response.status, text, data, isReplayed, code: errors?.[0]?.extensions.code }
  }
}

const newKey = () => `key ${Bun.randomUUIDv7()}`
const rows = () =>
  admin`select status, encode(body, 'escape') as body from gateway.idempotent_request`
const leaseIsOver = () =>
  admin`update gateway.idempotent_request set leased_until = now() - interval '1 second'`

describe('a mutation with a key', () => {
  test('is carried out once, and answered alike ever after, by every instance', async () => {
    const [one, other] = [instance(), instance()]
    const asking = { key: newKey(), variables: { amount: 7 } }
    const first = await one('Add', asking)
    expect(first).toMatchObject({ status: 200, isReplayed: false, data: { add: { amount: 7 } } })
    for (const ask of [one, other]) {
      const again = await ask('Add', asking)
      expect([again.status, again.text, again.isReplayed]).toEqual([200, first.text, true])
    }
    expect(till.receipts).toEqual([7])
  })

  test('negative control: without a key, and without us, it is carried out each time', async () => {
    const ask = instance()
    const unguarded = instance({ without: true })
    const asking = { key: newKey(), variables: { amount: 7 } }
    for (const _ of [1, 2]) await unguarded('Add', asking)
    for (const _ of [1, 2]) await ask('Add', { variables: { amount: 7 } })
    expect(till.receipts).toEqual([7, 7, 7, 7])
  })

  test('is refused with other variables, or for another operation', async () => {
    const ask = instance()
    const key = newKey()
    await ask('Add', { key, variables: { amount: 7 } })
    const others = [
      await ask('Add', { key, variables: { amount: 8 } }),
      await ask('Pay', { key, variables: { input: { idempotencyKey: 'a', amount: 7 } } }),
    ]
    for (const { status, code } of others)
      expect([status, code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    expect(till.receipts).toEqual([7])
  })

  test('is another one for another person, and for nobody', async () => {
    const ask = instance()
    const asking = { key: newKey(), variables: { amount: 7 } }
    for (const person of [ada, bob, '']) {
      const { isReplayed, data } = await ask('Add', { ...asking, person })
      expect([isReplayed, data.add.amount]).toEqual([false, 7])
    }
    expect(till.receipts).toEqual([7, 7, 7])
  })

  test('of 200 at once is carried out once; the others are told to come again', async () => {
    const instances = [instance(), instance()]
    const asking = { key: newKey(), variables: { amount: 7 } }
    const gate = Promise.withResolvers<void>()
    till.instead = () => gate.promise
    const asked = Array.from({ length: 200 }, (_, at) => instances[at % 2]?.('Add', asking))
    const others = await Promise.race([
      Promise.all(asked).then(() => []),
      eventually(() => till.receipts.length === 1).then(() => asked),
    ])
    await Bun.sleep(0)
    gate.resolve()
    const answers = await Promise.all(others)
    expect(till.receipts).toEqual([7])
    const ran = answers.filter((one) => one?.status === 200)
    expect(ran.filter((one) => !one?.isReplayed)).toHaveLength(1)
    // On a busy machine the table may answer some of them too late.
    const told = answers.filter((one) => one?.status === 409 || one?.status === 503)
    for (const one of told)
      expect(['IDEMPOTENCY_IN_FLIGHT', 'UNAVAILABLE']).toContain(`${one?.code}`)
    expect(ran.length + told.length).toBe(200)
    expect((await instances[0]?.('Add', asking))?.isReplayed).toBe(true)
  })

  test('is carried out to its end also when its client has gone, who then reads the answer', async () => {
    const ask = instance()
    const gate = Promise.withResolvers<void>()
    till.instead = () => gate.promise
    const gone = new AbortController()
    const asking = { key: newKey(), variables: { amount: 7 } }
    const first = ask('Add', { ...asking, signal: gone.signal })
    await eventually(() => till.receipts.length === 1)
    gone.abort()
    gate.resolve()
    await first
    expect(await ask('Add', asking)).toMatchObject({
      isReplayed: true,
      data: { add: { amount: 7 } },
    })
    expect(till.receipts).toEqual([7])
  })

  test('keeps a failure that came of carrying it out', async () => {
    const ask = instance()
    till.instead = async () => {
      throw new Error('in the middle')
    }
    const asking = { key: newKey(), variables: { amount: 7 } }
    const first = await ask('Add', asking)
    till.instead = async () => {}
    expect(await ask('Add', asking)).toMatchObject({ text: first.text, isReplayed: true })
    expect(till.receipts).toEqual([7])
  })

  test('keeps no refusal: what was missing may be there the next time', async () => {
    let isOver = true
    const ask = instance({
      quota: async (_, points) => {
        if (!isOver || points === 1) return null
        throw new GraphQLError('too many', { extensions: { code: 'RATE_LIMITED' } })
      },
    })
    const asking = { key: newKey(), variables: { amount: 7 } }
    isOver = false
    const hidden = { key: newKey(), person: '' }
    expect((await ask('Hidden', hidden)).code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    const wrong = { key: asking.key, variables: { amount: 'seven' } }
    expect((await ask('Add', wrong)).code).toBe('BAD_USER_INPUT')
    till.instead = async () => {
      throw new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } })
    }
    expect((await ask('Add', asking)).code).toBe('FORBIDDEN')
    till.instead = async () => {}
    expect(await ask('Add', asking)).toMatchObject({ isReplayed: false, status: 200 })
  })
})

describe('a key', () => {
  test('has 1 to 255 characters', async () => {
    const ask = instance()
    const variables = { amount: 7 }
    expect((await ask('Add', { key: 'k'.repeat(256), variables })).code).toBe('BAD_REQUEST')
    expect((await ask('Add', { key: 'k'.repeat(255), variables })).status).toBe(200)
  })

  test('means nothing to a query', async () => {
    const ask = instance()
    const key = newKey()
    for (const _ of [1, 2]) expect((await ask('Hello', { key })).isReplayed).toBe(false)
  })

  test('and the answer that it stands for cannot be read in the database', async () => {
    const ask = instance()
    const key = newKey()
    const { text } = await ask('Add', { key, variables: { amount: 7 } })
    expect(text).toContain(secret)
    const stored = JSON.stringify(await rows())
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(key)
  })

  test('is swept away when its day is over, and may be used for something else', async () => {
    const ask = instance()
    const key = newKey()
    await ask('Add', { key, variables: { amount: 7 } })
    await admin`update gateway.idempotent_request set expires_at = now() - interval '1 second'`
    expect((await ask('Add', { key, variables: { amount: 8 } })).isReplayed).toBe(false)
    expect(await rows()).toHaveLength(1)
    expect(till.receipts).toEqual([7, 8])
  })
})

describe('a key of the request', () => {
  test('is handed down to a field that has one of its own, and none is given', async () => {
    const ask = instance()
    const key = newKey()
    const variables = { input: { amount: 7 } }
    expect((await ask('Pay', { key, variables })).data).toEqual({ pay: { number: 1, amount: 7 } })
    expect((await ask('Pay', { key, variables })).isReplayed).toBe(true)
    await ask('Pay', { key: newKey(), variables: { input: { idempotencyKey: 'own', amount: 7 } } })
    const [made, own] = till.keys
    expect(made).toMatch(/^[\w-]{43}$/)
    expect(own).toBe('own')
    expect((await ask('Pay', { variables })).code).toBe('BAD_USER_INPUT')
  })
})

describe('an instance that is gone in the middle', () => {
  /** What `kill -9` leaves behind: a mutation that was begun, and a row that nobody settles. */
  async function left(name: Name, asking: Asking) {
    till.instead = () => new Promise<never>(() => {})
    void instance()(name, asking)
    await eventually(() => till.receipts.length === 1)
    till.instead = async () => {}
  }

  test('leaves a key that is taken over when its lease is over, where every field has its own', async () => {
    const asking = { key: newKey(), variables: { input: { amount: 7 } } }
    await left('Pay', asking)
    const ask = instance()
    expect((await ask('Pay', asking)).code).toBe('IDEMPOTENCY_IN_FLIGHT')
    await leaseIsOver()
    expect(await ask('Pay', asking)).toMatchObject({ status: 200, isReplayed: false })
    // The subgraph is told the same key both times, by which it does nothing twice.
    expect(new Set(till.keys).size).toBe(1)
    expect((await ask('Pay', asking)).isReplayed).toBe(true)
  })

  test('leaves one that is never carried out again, where a field has none', async () => {
    const asking = { key: newKey(), variables: { amount: 7 } }
    await left('Add', asking)
    const ask = instance()
    await leaseIsOver()
    for (const _ of [1, 2]) {
      const { status, code } = await ask('Add', asking)
      expect([status, code]).toEqual([409, 'CONFLICT'])
    }
    expect(till.receipts).toEqual([7])
  })

  test('and comes back late, writes nothing over what was answered since', async () => {
    const asking = { key: newKey(), variables: { input: { amount: 7 } } }
    const gate = Promise.withResolvers<void>()
    till.instead = () => gate.promise
    const late = instance()('Pay', asking)
    await eventually(() => till.receipts.length === 1)
    await leaseIsOver()
    till.instead = async () => {}
    const ask = instance()
    const { text } = await ask('Pay', asking)
    gate.resolve()
    await late
    expect((await ask('Pay', asking)).text).toBe(text)
  })
})

test('while the database is away a mutation with a key is not begun, and one without is', async () => {
  const sql = db.connect('gateway')
  const ask = instance({ sql })
  await sql.end({ timeout: 0 })
  const variables = { amount: 7 }
  expect(await ask('Add', { key: newKey(), variables })).toMatchObject({
    ...{ status: 503, code: 'UNAVAILABLE' },
  })
  expect(till.receipts).toEqual([])
  expect((await ask('Add', { variables })).status).toBe(200)
})
