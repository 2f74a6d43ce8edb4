import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { toGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { database, systemContext } from '#kit/postgres'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { register } from './clients.ts'
import { type Graph, newGraph, now } from './graph.ts'
import {
  admin,
  listed,
  publish,
  publishRefused,
  restoreOperation,
  retireOperation,
} from './operations.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A partner's program that may publish, and what it is called. */
async function newProgram() {
  const { client } = await register(graph, {
    ...{ idempotencyKey: crypto.randomUUID(), name: `Studio ${crypto.randomUUID()}` },
    scopes: ['operations:publish'],
  })
  return { name: client.name, viewer: viewerWith(['PARTNER_APP'], client.clientId) }
}

const coaches = (name: string, first = 3) =>
  `query ${name} { coaches(first: ${first}) { edges { node { id slug } } } }`

const audited = (action: string) =>
  graph.admin<{ entityId: string }[]>`
    select payload ->> 'entityId' as entity_id from auth.outbox
    where topic = 'auth.audited' and payload ->> 'action' = ${action}`

describe('publishOperations', () => {
  test('a program publishes for itself, by its name, and what it publishes is costed', async () => {
    const { name, viewer } = await newProgram()
    const document = coaches('Some')
    const result = await publish(graph, viewer, name, { Some: document })
    expect(result).toMatchObject({
      ...{ __typename: 'OperationsPublished', accepted: 1, unchanged: 0 },
      operations: [
        {
          ...{ hash: hashOf(document), name: 'Some', kind: 'QUERY', document },
          ...{ client: viewer.id, clientName: name, clientVersion: '1.0' },
          ...{ contract: 'public', retiredAt: null },
        },
      ],
    })
    expect(result.operations[0]?.cost).toBeGreaterThan(3)
    const ids = (await audited('auth.operation-published')).map(({ entityId }) => entityId)
    expect(ids.map((id) => toGlobalId('PersistedOperation', id))).toContain(
      result.operations[0]?.id ?? '',
    )
  })

  test('what is there already stays as it is, and is not told of again', async () => {
    const { viewer } = await newProgram()
    const first = await publish(graph, viewer, viewer.id, { One: coaches('One') })
    const texts = { One: coaches('One'), Two: coaches('Two') }
    const again = await publish(graph, viewer, viewer.id, texts)
    expect(again).toMatchObject({ accepted: 1, unchanged: 1 })
    expect(again.operations.map(({ name }) => name)).toEqual(['One', 'Two'])
    expect(again.operations[0]).toEqual(first.operations[0])
    const before = await audited('auth.operation-published')
    expect(await publish(graph, viewer, viewer.id, texts)).toMatchObject({ accepted: 0 })
    expect(await audited('auth.operation-published')).toEqual(before)
  })

  test('of many who publish the same at the same moment, in any order, one is first', async () => {
    const { viewer } = await newProgram()
    const names = ['A', 'B', 'C', 'D', 'E']
    const texts = (order: readonly string[]) =>
      Object.fromEntries(order.map((name) => [name, coaches(name)]))
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        publish(graph, viewer, viewer.id, texts(index % 2 ? names : names.toReversed())),
      ),
    )
    expect(results.every(({ operations }) => operations?.length === 5)).toBe(true)
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(5)
    expect((await listed(graph, { client: viewer.id })).nodes).toHaveLength(5)
  })

  test.each([
    ['is no GraphQL', 'query Bad {', 'GRAPHQL_PARSE_FAILED'],
    ['has another name', 'query Other { __typename }', 'BAD_USER_INPUT'],
    ['has no operation', 'fragment Bad on Coach { id }', 'BAD_USER_INPUT'],
    ['has two', 'query Bad { __typename } query Two { __typename }', 'DOCUMENT_TOO_COMPLEX'],
    ['asks for what nobody has', 'query Bad { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'leaves its contract',
      'query Bad { apiClients { edges { node { id } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'listens to what nobody publishes',
      'subscription Bad { auditChanged { id } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['looks at the schema', 'query Bad { __schema { types { name } } }', 'FORBIDDEN'],
    ['asks too deeply', `query Bad ${'{ a '.repeat(60)}${'}'.repeat(60)}`, 'DOCUMENT_TOO_COMPLEX'],
    ['is too long', `query Bad { __typename } #${'x'.repeat(20_000)}`, 'DOCUMENT_TOO_COMPLEX'],
  ])('an operation that %s is refused, and none is published', async (_, document, code) => {
    const { viewer } = await newProgram()
    const result = await publish(graph, viewer, viewer.id, { Good: coaches('Good'), Bad: document })
    expect(result).toMatchObject({
      ...{ __typename: 'OperationRejectedError', code, name: 'Bad', hash: hashOf(document) },
      path: ['operations', '1', 'document'],
    })
    expect((await listed(graph, { client: viewer.id })).nodes).toEqual([])
  })

  test('one that costs too much is refused with what it costs and may cost', async () => {
    const { viewer } = await newProgram()
    const document =
      'query Dear { coaches(first: 100) { edges { node { services(first: 100) { edges { node { id } } } } } } }'
    const result = await publish(graph, viewer, viewer.id, { Dear: document })
    expect(result).toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX', limit: 2_000 })
    expect(result.cost).toBeGreaterThan(2_000)
    expect(result.message).toContain(`${result.cost}`)
  })

  test.each([
    ['web'],
    ['partner'],
    ['public'],
    ['Another program'],
    ['00000000-0000-7000-8000-000000000001'],
  ])('a program does not publish for %s, and is told what it is told of nobody', async (name) => {
    await register(graph, {
      ...{ idempotencyKey: crypto.randomUUID(), name: 'Another program' },
      scopes: ['bookings:read'],
    })
    const { viewer } = await newProgram()
    expect(await publish(graph, viewer, name, { A: coaches('A') })).toMatchObject({
      ...{ __typename: 'ValidationError', path: ['clientName'] },
      message: 'There is no such client.',
    })
  })

  test('an administrator publishes for a program by its name, for the pages and for anybody', async () => {
    const { name, viewer } = await newProgram()
    const own = await publish(graph, admin, name.toUpperCase(), { A: coaches('A') })
    expect(own.operations[0]).toMatchObject({ client: viewer.id, clientName: name })
    const inApp = 'query Staff { apiClients { edges { node { id } } } }'
    const web = await publish(graph, admin, 'web', { Staff: inApp })
    expect(web.operations[0]).toMatchObject({ client: 'web', contract: 'admin' })
    const open = await publish(graph, admin, 'public', { Open: coaches('Open') })
    expect(open.operations[0]).toMatchObject({ client: 'public', contract: 'public' })
  })

  test.each([
    ['nobody', null, 'UNAUTHENTICATED'],
    ['a client', viewerWith(['CLIENT']), 'FORBIDDEN'],
    ['support', viewerWith(['SUPPORT']), 'FORBIDDEN'],
    ['an administrator acting for somebody', { ...admin, actor: crypto.randomUUID() }, 'FORBIDDEN'],
  ])('%s publishes nothing', async (_, viewer, code) => {
    expect(await publishRefused(graph, viewer)).toBe(code)
  })
})

describe('retireOperation', () => {
  test('an operation is retired once, restored, and told of each time', async () => {
    const { viewer } = await newProgram()
    const { operations } = await publish(graph, viewer, viewer.id, { A: coaches('A') })
    const id = operations[0]?.id ?? ''
    const retired = {
      __typename: 'OperationRetired',
      operation: { retiredAt: now().toISOString() },
    }
    expect(await retireOperation(graph, admin, id)).toMatchObject(retired)
    const told = await audited('auth.operation-retired')
    expect(await retireOperation(graph, admin, id)).toMatchObject(retired)
    expect(await audited('auth.operation-retired')).toEqual(told)
    expect(await publish(graph, viewer, viewer.id, { A: coaches('A') })).toMatchObject({
      ...{ __typename: 'OperationRejectedError', code: 'OPERATION_RETIRED' },
      message: 'A was retired on 2027-01-04.',
    })
    expect(await restoreOperation(graph, admin, id)).toMatchObject({
      operation: { retiredAt: null },
    })
    expect(await publish(graph, viewer, viewer.id, { A: coaches('A') })).toMatchObject({
      unchanged: 1,
    })
  })

  test('is for administrators, and of what is there', async () => {
    const { viewer } = await newProgram()
    const { operations } = await publish(graph, viewer, viewer.id, { A: coaches('A') })
    expect(await retireOperation(graph, viewer, operations[0]?.id ?? '')).toBe('FORBIDDEN')
    const unknown = toGlobalId('PersistedOperation', crypto.randomUUID())
    for (const id of [unknown, 'nothing'])
      expect(await retireOperation(graph, admin, id)).toMatchObject({ __typename: 'NotFoundError' })
  })
})

describe('persistedOperations', () => {
  test('pages by name, and finds by client, name, text and hash', async () => {
    const { viewer } = await newProgram()
    const texts = { Zeta: coaches('Zeta'), Alpha: coaches('Alpha', 7), Mid: coaches('Mid') }
    await publish(graph, viewer, viewer.id, texts)
    const client = viewer.id
    const first = await listed(graph, { client, first: 2 })
    const rest = await listed(graph, { client, first: 2, after: first.pageInfo.endCursor })
    expect([...first.nodes, ...rest.nodes].map(({ name }) => name)).toEqual([
      'Alpha',
      'Mid',
      'Zeta',
    ])
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
    const found = async (search: string) =>
      (await listed(graph, { client, search })).nodes.map(({ name }) => name)
    expect(await found('zet')).toEqual(['Zeta'])
    expect(await found('first: 7')).toEqual(['Alpha'])
    expect(await found(hashOf(texts.Mid).slice(0, 12))).toEqual(['Mid'])
    expect(await found('%')).toEqual([])
  })

  test('a page of many takes as many statements as a page of one', async () => {
    const { viewer } = await newProgram()
    const texts = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`Op${index}`, coaches(`Op${index}`)]),
    )
    await publish(graph, viewer, viewer.id, texts)
    const statementsFor = async (first: number) => {
      graph.statements.length = 0
      await listed(graph, { client: viewer.id, first })
      return graph.statements.length
    }
    expect(await statementsFor(50)).toBe(await statementsFor(1))
  })
})

describe('allowAutomaticOperations', () => {
  const mutation = `mutation ($name: String!, $allowed: Boolean!) {
    allowAutomaticOperations(clientName: $name, allowed: $allowed) {
      __typename ... on AutomaticOperationsChanged { client allowed } } }`
  const allow = async (name: string, allowed: boolean, viewer: Viewer = admin) => {
    const answer = await graph.as(viewer, mutation, { name, allowed })
    return answer.body.errors?.[0]?.extensions.code ?? dataOf<object>(answer)
  }
  const doorOf = () =>
    database(graph.base.connect('gateway'), systemContext).read(
      (sql) => sql`select client from auth.operation_policy_door where automatic`,
    )

  test('is said of one program, told of once, and seen by the gateway', async () => {
    const { name, viewer } = await newProgram()
    expect([...(await doorOf())]).toEqual([])
    for (const allowed of [true, true])
      expect(await allow(name, allowed)).toEqual({
        allowAutomaticOperations: {
          ...{ __typename: 'AutomaticOperationsChanged', client: viewer.id, allowed: true },
        },
      })
    expect([...(await doorOf())]).toEqual([{ client: viewer.id }])
    expect(await audited('auth.automatic-operations-changed')).toHaveLength(1)
    await allow(viewer.id, false)
    expect([...(await doorOf())]).toEqual([])
  })

  test.each(['web', 'partner', 'public', 'nobody'])('is never said of %s', async (name) => {
    expect(await allow(name, true)).toEqual({
      allowAutomaticOperations: { __typename: 'NotFoundError' },
    })
  })

  test('is not a program’s own to say', async () => {
    const { viewer } = await newProgram()
    expect(await allow(viewer.id, true, viewer)).toBe('FORBIDDEN')
  })
})

test('going back leaves no program with a scope that nobody knows any more', async () => {
  await register(graph, {
    ...{ idempotencyKey: crypto.randomUUID(), name: 'Both' },
    scopes: ['bookings:read', 'operations:publish'],
  })
  const { viewer } = await newProgram()
  const down = join(import.meta.dir, '../migrations/0010_operation.down.sql')
  const text = await Bun.file(down).text()
  // The later migration leans on this one.
  const later = join(import.meta.dir, '../migrations/0011_client_plan.down.sql')
  const back = graph.admin.begin(async (sql) => {
    await sql.unsafe('set local role own_auth; set local search_path = auth, app, public')
    await sql.unsafe(await Bun.file(later).text())
    await sql.unsafe(text)
    await sql.unsafe('reset role')
    const rows = await sql<{ id: string; scopes: string[]; isDisabled: boolean }[]>`
      select id, scopes, disabled_at is not null as is_disabled from auth.api_client
      where name = 'Both' or id = ${viewer.id} order by name = 'Both' desc`
    expect(rows.map(({ scopes, isDisabled }) => ({ scopes, isDisabled }))).toEqual([
      { scopes: ['bookings:read'], isDisabled: false },
      { scopes: ['bookings:read'], isDisabled: true },
    ])
    throw new Error('Nothing of it stays.')
  })
  await expect(back).rejects.toThrow('Nothing of it stays.')
})

describe('what the gateway may do', () => {
  const gateway = () => database(graph.base.connect('gateway'), systemContext)

  test('it reads what is published and adds up what ran, and nothing else', async () => {
    const { viewer } = await newProgram()
    const { operations } = await publish(graph, viewer, viewer.id, { A: coaches('A') })
    const hash = operations[0]?.hash ?? ''
    const db = gateway()
    const rows = await db.read(
      (sql) => sql`select name from auth.operation_door where client = ${viewer.id}`,
    )
    expect([...rows]).toEqual([{ name: 'A' }])
    const client = viewer.id
    const uses = [
      { client, hash, calls: 3, p95_ms: 12.5, at: '2027-01-04T08:00:00Z' },
      { client, hash, calls: 4, p95_ms: 9.5, at: '2027-01-04T08:30:00Z' },
      { client: 'web', hash, calls: 9, p95_ms: 1, at: '2027-01-04T08:30:00Z' },
    ]
    await db.write((sql) => sql`select auth.operation_used(${sql.json(uses)})`)
    expect((await listed(graph, { client })).nodes[0]).toMatchObject({
      ...{ calls: 7, p95Ms: 9.5, lastSeenAt: '2027-01-04T08:30:00.000Z' },
    })
    for (const statement of [
      'select * from auth.operation',
      'update auth.operation_door set document = name',
      'insert into auth.operation_policy_door (client, automatic) values (1, true)',
    ])
      await expect(db.write((sql) => sql.unsafe(statement))).rejects.toThrow('permission denied')
  })

  test('the database itself refuses a hash that is not its text’s', async () => {
    const sql = graph.admin
    const row = sql`insert into auth.operation (client, hash, name, kind, document, cost, contract)
      values ('web', ${hashOf('another text')}, 'Forged', 'query', '{ me }', 1, 'app')`
    await expect(row.then(() => 'inserted')).rejects.toThrow('operation_check')
  })

  test('the database itself refuses a row that a program writes for somebody else', async () => {
    const { viewer } = await newProgram()
    const who = { userId: viewer.id, scopes: viewer.scopes }
    const db = database(graph.base.connect('auth'), who)
    const text = coaches('Foreign')
    const insert = (client: string) =>
      db.write(
        (sql) => sql`insert into operation (client, hash, name, kind, document, cost, contract)
          values (${client}, ${hashOf(text)}, 'Foreign', 'query', ${text}, 1, 'partner')`,
      )
    await expect(insert('web')).rejects.toThrow('row-level security')
    await insert(viewer.id)
    const seen = await db.read((sql) => sql`select distinct client from operation`)
    expect([...seen]).toEqual([{ client: viewer.id }])
  })
})
