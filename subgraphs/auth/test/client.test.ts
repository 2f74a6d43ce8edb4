import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import {
  type ApiClient,
  admin,
  change,
  disableMutation,
  inputOf,
  listQuery,
  register,
  registerMutation,
  rotateMutation,
} from './clients.ts'
import { type Graph, newGraph, now } from './graph.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

const stored = () =>
  graph.admin<{ row: string }[]>`
    select row_to_json(api_client)::text as row from auth.api_client
    union all select row_to_json(idempotency)::text from auth.idempotency
    union all select row_to_json(outbox)::text from auth.outbox`

describe('registerApiClient', () => {
  test('shows the secret once, and keeps only what it cannot be read from', async () => {
    const result = await register(graph, inputOf({ name: '  Sport Club  ' }))
    expect(result).toMatchObject({
      __typename: 'ClientRegistered',
      client: {
        name: 'Sport Club',
        scopes: ['bookings:read', 'bookings:write'],
        rateLimitPerMinute: 600,
        createdAt: now().toISOString(),
        lastUsedAt: null,
        disabledAt: null,
      },
    })
    expect(result.client.id).toBe(toGlobalId('ApiClient', result.client.clientId))
    expect(Buffer.from(result.secretShownOnce, 'base64url')).toHaveLength(32)
    for (const { row } of await stored()) expect(row).not.toContain(result.secretShownOnce)
  })

  test('a repeat gets the same client with a secret that works, and no second client', async () => {
    const input = inputOf()
    const [first, again] = [await register(graph, input), await register(graph, input)]
    expect(again.client.id).toBe(first.client.id)
    expect(again.secretShownOnce).not.toBe(first.secretShownOnce)
    const both = await Promise.all([register(graph, input), register(graph, input)])
    expect(new Set(both.map(({ client }) => client.id))).toEqual(new Set([first.client.id]))
  })

  test.each([
    ['used', 'last_used_at = now()'],
    ['old', "created_at = created_at - interval '11 minutes'"],
    ['disabled', 'disabled_at = now()'],
  ])('a repeat for a client that is %s gets no secret', async (_, assignment) => {
    const input = inputOf()
    const { client } = await register(graph, input)
    await graph.admin.unsafe(`update auth.api_client set ${assignment} where id = $1`, [
      client.clientId,
    ])
    expect(await register(graph, input)).toMatchObject({
      __typename: 'ConflictError',
      path: ['idempotencyKey'],
    })
  })

  test('a repeat after the secret was rotated does not undo the rotation', async () => {
    const input = inputOf()
    const { client } = await register(graph, input)
    await change(graph, rotateMutation, client.clientId)
    expect(await register(graph, input)).toMatchObject({ __typename: 'ConflictError' })
  })

  test('of two with one name at the same moment one is registered', async () => {
    const name = 'Twice'
    const results = await Promise.all([
      register(graph, inputOf({ name })),
      register(graph, inputOf({ name: name.toUpperCase() })),
    ])
    expect(results.map(({ __typename }) => __typename).sort()).toEqual([
      'ClientRegistered',
      'ConflictError',
    ])
  })

  test.each([
    ['no name', { name: '   ' }, 'name'],
    ['a long name', { name: 'n'.repeat(81) }, 'name'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['a scope that partners never have', { scopes: ['bookings:read', 'users:admin'] }, 'scopes'],
    ['no requests', { rateLimitPerMinute: 0 }, 'rateLimitPerMinute'],
    ['too many requests', { rateLimitPerMinute: 6_001 }, 'rateLimitPerMinute'],
  ])('%s is refused with its path', async (_, wrong, path) => {
    const result = await register(graph, inputOf(wrong))
    expect(result).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION' })
    expect(result.path?.[0]).toBe(path)
  })

  test.each([
    ['a client', viewerWith(['CLIENT'])],
    ['a partner', viewerWith(['PARTNER_APP'])],
    ['whoever acts as an administrator', { ...admin, actor: 'somebody' }],
  ])('%s is refused', async (_, viewer) => {
    const { body } = await graph.as(viewer, registerMutation, { input: inputOf() })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('a registered client', () => {
  test('is listed page by page, oldest first', async () => {
    const made: string[] = []
    for (let count = 0; count < 3; count += 1) made.push((await register(graph)).client.id)
    const seen: string[] = []
    let after: string | null = null
    for (let page = 0; page < 20; page += 1) {
      const answer = await graph.as(admin, listQuery, { first: 2, after })
      const { apiClients } = dataOf<{ apiClients: Connection }>(answer)
      seen.push(...apiClients.edges.map(({ node }) => node.id))
      after = apiClients.pageInfo.endCursor
      if (!apiClients.pageInfo.hasNextPage) break
    }
    expect(seen.slice(-3)).toEqual(made)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('is in the audit with each change, once, and with who made it', async () => {
    const { client } = await register(graph)
    await change(graph, rotateMutation, client.clientId)
    await change(graph, disableMutation, client.clientId)
    await change(graph, disableMutation, client.clientId)
    const told = await graph.admin`
      select payload ->> 'action' as action, payload ->> 'actorId' as actor_id
      from auth.outbox
      where topic = 'auth.audited' and entity_id = ${client.clientId}
      order by seq`
    expect(told.map(({ action }) => action)).toEqual([
      'auth.api-client-registered',
      'auth.api-client-secret-rotated',
      'auth.api-client-disabled',
    ])
    expect(told.every(({ actorId }) => actorId === admin.id)).toBe(true)
  })

  test('gets a new secret, until it is disabled; its name is free again then', async () => {
    const { client, secretShownOnce } = await register(graph)
    const rotated = await change(graph, rotateMutation, client.clientId)
    expect(rotated.__typename).toBe('ClientSecretRotated')
    expect(rotated.secretShownOnce).not.toBe(secretShownOnce)
    const disabled = await change(graph, disableMutation, client.clientId)
    expect(disabled.client.disabledAt).toBe(now().toISOString())
    expect(await change(graph, disableMutation, client.clientId)).toEqual(disabled)
    expect(await change(graph, rotateMutation, client.clientId)).toMatchObject({
      __typename: 'ConflictError',
    })
    const successor = await register(graph, inputOf({ name: client.name }))
    expect(successor.__typename).toBe('ClientRegistered')
  })

  test.each([
    ['rotated', rotateMutation],
    ['disabled', disableMutation],
  ])('that is not there cannot be %s', async (_, mutation) => {
    const unknown = '01890000-0000-7000-8000-000000000000'
    expect(await change(graph, mutation, unknown)).toMatchObject({ __typename: 'NotFoundError' })
    const { body } = await graph.as(admin, mutation, { id: toGlobalId('Session', unknown) })
    expect(Object.values(body.data ?? {})).toEqual([
      expect.objectContaining({ __typename: 'NotFoundError' }),
    ])
    const refused = await graph.as(viewerWith(['SUPPORT']), mutation, { id: 'x' })
    expect(refused.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('is out of reach of a statement without the scope, and in reach with it', async () => {
    const own = graph.base.connect('auth', { max: 1 })
    expect(await own`select id from api_client`).toHaveLength(0)
    const asAdmin = await own.begin((sql) => [
      sql`select set_config('app.scopes', 'clients:admin', true)`,
      sql`select id from api_client`,
    ])
    expect(asAdmin[1]?.length).toBeGreaterThan(0)
  })
})

type Connection = {
  edges: { node: ApiClient }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
