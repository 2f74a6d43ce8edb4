import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { apiKeyFrom } from '#kit/api-key'
import { toGlobalId } from '#kit/id'
import { dataOf, viewerWith } from '../../../stack/testing/subgraph.ts'
import { type Graph, newGraph, now } from './graph.ts'

let graph: Graph
beforeAll(async () => {
  graph = await newGraph()
})
afterAll(() => graph.stop())

const admin = { ...viewerWith(['ADMIN']), acr: '2' }
const fields = `id beginning name scopes rateLimitPerMinute createdAt rotatedAt overlapUntil expiresAt
  lastUsedAt revokedAt`
const createMutation = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename ... on ApiKeyCreated { key { ${fields} } secretShownOnce } ... on UserError { code message path } } }`
const rotateMutation = `mutation ($id: ID!, $hours: Int!) { rotateApiKey(id: $id, overlapHours: $hours) {
  __typename ... on ApiKeyRotated { key { ${fields} } secretShownOnce } ... on UserError { code message path } } }`
const revokeMutation = `mutation ($id: ID!) { revokeApiKey(id: $id) {
  __typename ... on ApiKeyRevoked { key { ${fields} } } ... on UserError { code message path } } }`
const listQuery = `query ($first: Int, $after: String) { apiKeys(first: $first, after: $after) {
  edges { node { ${fields} } } pageInfo { hasNextPage endCursor } } }`

type Key = { id: string; name: string; expiresAt: string; revokedAt: string | null }
type Result = {
  __typename: string
  key: Key & Record<string, unknown>
  secretShownOnce: string
  code: string
  path: string[] | null
}

const inDays = (days: number) => new Date(now().getTime() + days * 86_400_000).toISOString()
const inputOf = (change: Record<string, unknown> = {}) => ({
  ...{ idempotencyKey: randomUUID(), name: `Partner ${randomUUID()}` },
  ...{ scopes: ['bookings:read'], expiresAt: inDays(90) },
  ...change,
})

async function run(query: string, variables: Record<string, unknown>, viewer = admin) {
  const [result] = Object.values(
    dataOf<Record<string, Result>>(await graph.as(viewer, query, variables)),
  )
  if (!result) throw new Error('The mutation answered nothing.')
  return result
}
const create = (input = inputOf()) => run(createMutation, { input })
const rotate = (id: string, hours = 24) => run(rotateMutation, { id, hours })
const revoke = (id: string) => run(revokeMutation, { id })

const rowOf = async (text: string) => {
  const [row] = await graph.admin<{ secretHash: Buffer; previousHash: Buffer | null }[]>`
    select secret_hash, previous_hash from auth.api_key where id = ${apiKeyFrom(text)?.id ?? ''}`
  return row
}

describe('createApiKey', () => {
  test('shows the key once, and keeps only what it cannot be read from', async () => {
    const { key, secretShownOnce, __typename } = await create(inputOf({ name: '  Sport Club  ' }))
    expect(__typename).toBe('ApiKeyCreated')
    expect(key).toMatchObject({
      ...{ name: 'Sport Club', scopes: ['bookings:read'], rateLimitPerMinute: 600 },
      ...{ createdAt: now().toISOString(), expiresAt: inDays(90) },
      ...{ lastUsedAt: null, revokedAt: null, overlapUntil: null },
    })
    expect(secretShownOnce.startsWith(String(key.beginning))).toBe(true)
    const known = apiKeyFrom(secretShownOnce)
    expect(key.id).toBe(toGlobalId('ApiKey', known?.id ?? ''))
    expect((await rowOf(secretShownOnce))?.secretHash).toEqual(known?.hash)
    const kept = await graph.admin<{ row: string }[]>`
      select row_to_json(api_key)::text as row from auth.api_key
      union all select row_to_json(idempotency)::text from auth.idempotency
      union all select row_to_json(outbox)::text from auth.outbox`
    for (const { row } of kept) expect(row).not.toContain(secretShownOnce.slice(40))
  })

  test('is told to the audit, and the program becomes a person of its bookings', async () => {
    const { key, secretShownOnce } = await create()
    const told = await graph.admin<{ topic: string; payload: Record<string, unknown> }[]>`
      select topic, payload from auth.outbox
      where entity_id = ${apiKeyFrom(secretShownOnce)?.id ?? ''} order by seq`
    expect(told).toMatchObject([
      {
        topic: 'auth.account-provisioned',
        payload: { displayName: key.name, roles: ['PARTNER_APP'] },
      },
      { topic: 'auth.audited', payload: { action: 'auth.api-key-created', actorId: admin.id } },
    ])
  })

  test('a repeat gets the same key with a new text, until somebody used it', async () => {
    const input = inputOf()
    const [first, again] = [await create(input), await create(input)]
    expect(again.key.id).toBe(first.key.id)
    expect(again.secretShownOnce).not.toBe(first.secretShownOnce)
    await graph.admin`
      update auth.api_key set last_used_at = now() where id = ${apiKeyFrom(again.secretShownOnce)?.id ?? ''}`
    expect(await create(input)).toMatchObject({
      __typename: 'ConflictError',
      path: ['idempotencyKey'],
    })
  })

  test('two keys in use never have one name', async () => {
    const name = `Twice ${randomUUID()}`
    const both = await Promise.all([
      create(inputOf({ name })),
      create(inputOf({ name: name.toUpperCase() })),
    ])
    expect(both.map(({ __typename }) => __typename).sort()).toEqual([
      'ApiKeyCreated',
      'ConflictError',
    ])
  })

  test.each([
    ['no name', { name: ' ' }, 'name'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['a scope that partners never have', { scopes: ['users:admin'] }, 'scopes'],
    ['an end in the past', { expiresAt: inDays(-1) }, 'expiresAt'],
    ['more than a year', { expiresAt: inDays(366) }, 'expiresAt'],
    ['too many requests', { rateLimitPerMinute: 6_001 }, 'rateLimitPerMinute'],
  ])('%s is refused with its path', async (_, wrong, path) => {
    const result = await create(inputOf(wrong))
    expect(result).toMatchObject({ __typename: 'ValidationError' })
    expect(result.path?.[0]).toBe(path)
  })
})

describe('rotateApiKey', () => {
  test('gives a new text with its lifetime once more; the one before lives for the overlap', async () => {
    const { key, secretShownOnce } = await create()
    const rotated = await rotate(key.id, 48)
    expect(rotated).toMatchObject({
      __typename: 'ApiKeyRotated',
      key: {
        id: key.id,
        overlapUntil: inDays(2),
        rotatedAt: now().toISOString(),
        expiresAt: inDays(90),
      },
    })
    const row = await rowOf(rotated.secretShownOnce)
    expect(row?.secretHash).toEqual(apiKeyFrom(rotated.secretShownOnce)?.hash)
    expect(row?.previousHash).toEqual(apiKeyFrom(secretShownOnce)?.hash)
  })

  test('without an overlap ends the one before at once', async () => {
    const { key } = await create()
    const rotated = await rotate(key.id, 0)
    expect(rotated.key.overlapUntil).toBeNull()
    expect((await rowOf(rotated.secretShownOnce))?.previousHash).toBeNull()
  })

  test('never lets the one before outlive its own end', async () => {
    const { key } = await create(inputOf({ expiresAt: inDays(1) }))
    expect((await rotate(key.id, 168)).key).toMatchObject({ overlapUntil: inDays(1) })
  })

  test.each([-1, 169])('%p hours are refused', async (hours) => {
    const { key } = await create()
    expect(await rotate(key.id, hours)).toMatchObject({
      __typename: 'ValidationError',
      path: ['overlapHours'],
    })
  })
})

describe('revokeApiKey', () => {
  test('ends a key for good, and frees its name', async () => {
    const { key } = await create()
    await rotate(key.id)
    const revoked = await revoke(key.id)
    expect(revoked.key).toMatchObject({ revokedAt: now().toISOString(), overlapUntil: null })
    expect(await revoke(key.id)).toEqual(revoked)
    expect(await rotate(key.id)).toMatchObject({ __typename: 'ConflictError' })
    expect((await create(inputOf({ name: key.name }))).__typename).toBe('ApiKeyCreated')
  })

  test('is in the audit once, as each rotation is', async () => {
    const { key, secretShownOnce } = await create()
    await rotate(key.id, 48)
    await revoke(key.id)
    await revoke(key.id)
    const told = await graph.admin`
      select payload ->> 'action' as action from auth.outbox
      where topic = 'auth.audited' and entity_id = ${apiKeyFrom(secretShownOnce)?.id ?? ''}
      order by seq`
    expect(told.map(({ action }) => action)).toEqual([
      'auth.api-key-created',
      'auth.api-key-rotated',
      'auth.api-key-revoked',
    ])
  })

  test('and every gateway is told', async () => {
    const { key, secretShownOnce } = await create()
    const heard: string[] = []
    const listener = await graph.base
      .connect('gateway')
      .listen('api_key_changed', (id) => heard.push(id))
    await revoke(key.id)
    const deadline = Date.now() + 5_000
    while (heard.length === 0 && Date.now() < deadline) await Bun.sleep(5)
    await listener.unlisten()
    expect(heard).toEqual([apiKeyFrom(secretShownOnce)?.id ?? ''])
  })
})

describe('who may', () => {
  const everyMutation: [string, string, Record<string, unknown>][] = [
    ['createApiKey', createMutation, { input: inputOf() }],
    ['rotateApiKey', rotateMutation, { id: 'x', hours: 1 }],
    ['revokeApiKey', revokeMutation, { id: 'x' }],
  ]
  test.each(everyMutation)(
    '%s: an administrator with a second factor, in their own name',
    async (_, query, variables) => {
      for (const viewer of [
        viewerWith(['ADMIN']),
        { ...viewerWith(['SUPPORT']), acr: '2' },
        { ...viewerWith(['PARTNER_APP']), acr: '2' },
        { ...admin, actor: 'somebody' },
      ]) {
        const { body } = await graph.as(viewer, query, variables)
        expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      }
    },
  )

  test('apiKeys: whoever administers clients, page by page, oldest first', async () => {
    for (let count = 0; count < 3; count += 1) await create()
    type Page = {
      edges: { node: Key }[]
      pageInfo: { hasNextPage: boolean; endCursor: string | null }
    }
    const seen: string[] = []
    let after: string | null = null
    for (let page = 0; page < 50; page += 1) {
      const answer = await graph.as(viewerWith(['ADMIN']), listQuery, { first: 2, after })
      const { apiKeys } = dataOf<{ apiKeys: Page }>(answer)
      seen.push(...apiKeys.edges.map(({ node }) => node.id))
      after = apiKeys.pageInfo.endCursor
      if (!apiKeys.pageInfo.hasNextPage) break
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(3)
    const { body } = await graph.as(viewerWith(['SUPPORT']), listQuery, {})
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

test('the gateway reads what it needs of a key, notes its use, and can do nothing else', async () => {
  const { secretShownOnce } = await create()
  const id = apiKeyFrom(secretShownOnce)?.id ?? ''
  const sql = graph.base.connect('gateway', { max: 1 })
  await expect((async () => sql`select id from auth.api_key`)()).rejects.toThrow(
    'permission denied',
  )
  await expect((async () => sql`update auth.api_key_door set revoked_at = null`)()).rejects.toThrow(
    'permission denied',
  )
  expect(await sql`select id from auth.api_key_door where id = ${id}`).toHaveLength(0)
  const [, rows] = await sql.begin((tx) => [
    tx`select set_config('app.scopes', 'system', true)`,
    tx`select id from auth.api_key_door where id = ${id}`,
    tx`select auth.api_key_used(${id}, ${now()})`,
  ])
  expect(rows).toHaveLength(1)
  const [row] = await graph.admin<{ lastUsedAt: Date }[]>`
    select last_used_at from auth.api_key where id = ${id}`
  expect(row?.lastUsedAt).toEqual(now())
})
