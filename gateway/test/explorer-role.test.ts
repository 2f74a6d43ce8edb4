import { afterAll, describe, expect, test } from 'bun:test'
import { costDefaults } from '#kit/cost/settings'
import { roleScopes, roles } from '#schema/scopes'
import { type Caller, startHarness } from './harness.ts'

const admin: Caller = { scopes: roleScopes.ADMIN, credential: 'session' }
const harness = startHarness({ engine: 'compiled', cost: costDefaults })
afterAll(() => harness.stop())

const asking = (caller: Caller, query: string, headers: Record<string, string>) =>
  harness.post({ query }, caller, { accept: 'application/graphql-response+json', ...headers })

/** Who the subgraph was told asks, in the last request to it. */
const lastViewer = () => harness.asked.at(-1)?.viewer ?? null

describe('an explorer who looks as a role', () => {
  const guarded = '{ people { name email } }'

  test('is denied what the role is denied, and says so to subgraphs as well', async () => {
    const rich: Caller = { ...admin, scopes: [...roleScopes.ADMIN, 'people:read'] }
    const whole = await asking(rich, guarded, {})
    expect(whole.errors).toBeUndefined()
    const seen = await asking(rich, guarded, { 'x-plexus-role': 'CLIENT' })
    expect(seen.errors?.[0]?.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    const viewer = lastViewer()
    expect(viewer?.roles).toEqual(['CLIENT'])
    expect([...(viewer?.scopes ?? [])].sort()).toEqual(['bookings:read', 'read-only', 'self'])
  })

  test.each([...roles])('never holds a scope as %s that is not their own', async (role) => {
    await asking(admin, '{ hello }', { 'x-plexus-role': role })
    const own = new Set<string>([...roleScopes.ADMIN, 'read-only'])
    const scopes = [...(lastViewer()?.scopes ?? [])]
    expect(lastViewer()?.roles).toEqual([role])
    expect(scopes.filter((scope) => !own.has(scope))).toEqual([])
  })

  test('as nobody is nobody', async () => {
    const seen = await asking(admin, '{ secret }', { 'x-plexus-role': 'ANONYMOUS' })
    expect(seen.data).toEqual({ secret: null })
    expect((await asking(admin, '{ secret }', {})).data).toEqual({ secret: 'secret' })
    await asking(admin, '{ hello }', { 'x-plexus-role': 'ANONYMOUS' })
    expect(lastViewer()).toBeNull()
  })

  test('changes nothing: a mutation is refused before any subgraph hears of it', async () => {
    const before = harness.asked.length
    const refused = await asking(admin, 'mutation { touch }', { 'x-plexus-role': 'ADMIN' })
    expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN'])
    expect(refused.errors?.[0]?.message).toContain('Looking as ADMIN')
    expect(harness.asked.length).toBe(before)
    // The same without the header runs.
    expect((await asking(admin, 'mutation { touch }', {})).errors).toBeUndefined()
  })

  test('opens no stream', async () => {
    const text = 'subscription { personChanged(topic: "role") { number } }'
    const headers = { accept: 'text/event-stream', 'x-plexus-role': 'CLIENT' }
    const refused = await harness.post({ query: text }, admin, headers)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('no subscription')
  })

  test('is told which roles there are', async () => {
    const refused = await asking(admin, '{ hello }', { 'x-plexus-role': 'coach' })
    expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST'])
    expect(refused.errors?.[0]?.message).toContain('COACH')
  })

  test('is answered anew for each role, also in the middle of equal questions', async () => {
    const roles = ['ADMIN', 'ANONYMOUS', 'ADMIN', 'ANONYMOUS']
    const answers = await Promise.all(
      roles.map((role) => asking(admin, '{ secret }', { 'x-plexus-role': role })),
    )
    expect(answers.map(({ data }) => data)).toEqual([
      { secret: 'secret' },
      { secret: null },
      { secret: 'secret' },
      { secret: null },
    ])
  })
})

const outsiders: readonly (readonly [string, Caller])[] = [
  ['support', { scopes: roleScopes.SUPPORT, credential: 'session' }],
  ['a client', { scopes: roleScopes.CLIENT, credential: 'session' }],
  ["a partner's program", { scopes: roleScopes.PARTNER_APP, credential: 'bearer', clientId: 'p' }],
  ['a program with every scope', { scopes: roleScopes.ADMIN, credential: 'bearer', clientId: 'p' }],
  ['nobody', {}],
]

describe.each(outsiders)('the headers of the explorer from %s', (_, caller) => {
  test('have no effect', async () => {
    const headers = { 'x-plexus-role': 'ADMIN', 'x-plexus-trace': 'true' }
    const plain = await asking(caller, '{ secret people { name miles } }', {})
    const viewer = lastViewer()
    const tried = await asking(caller, '{ secret people { name miles } }', headers)
    expect([tried.status, tried.text]).toEqual([plain.status, plain.text])
    expect(lastViewer()).toEqual(viewer)
    expect((await asking(caller, '{ hello }', { 'x-plexus-role': 'nonsense' })).status).toBe(200)
  })

  test('have one from an explorer', async () => {
    const headers = { 'x-plexus-role': 'ANONYMOUS', 'x-plexus-trace': 'true' }
    const seen = await asking(admin, '{ secret people { name miles } }', headers)
    expect(seen.text).toContain('"trace"')
    expect(seen.text).toContain('"secret":null')
  })
})

type Traced = {
  readonly totalMs: number
  readonly fetches: readonly {
    readonly id: number
    readonly subgraph: string
    readonly path: string[]
    readonly startMs: number
    readonly durationMs: number
    readonly bytes: number
    readonly entities: number | null
    readonly status: string
    readonly cost: number | null
  }[]
}

async function traceOf(query: string): Promise<Traced> {
  const { text } = await asking(admin, query, { 'x-plexus-trace': 'true' })
  return JSON.parse(text).extensions.trace
}

describe('the trace of a run', () => {
  test('tells of each fetch where it went, when, how much came back and what it cost', async () => {
    const { totalMs, fetches } = await traceOf('{ people { name miles } }')
    expect(fetches).toMatchObject([
      { id: 0, subgraph: 'people', path: [''], entities: null, status: 'ok', cost: 3 },
      { id: 1, subgraph: 'trips', path: ['people[]'], entities: 3, status: 'ok', cost: 3 },
    ])
    const [first, second] = fetches
    expect(first?.bytes).toBeGreaterThan(20)
    expect(second?.startMs).toBeGreaterThanOrEqual((first?.startMs ?? 0) + (first?.durationMs ?? 0))
    expect(totalMs).toBeGreaterThanOrEqual((second?.startMs ?? 0) + (second?.durationMs ?? 0))
  })

  test('tells of a fetch that failed, and the run is answered as without it', async () => {
    harness.broken.set('trips', () => new Response(null, { status: 500 }))
    const { fetches } = await traceOf('{ people { name miles } }').finally(() =>
      harness.broken.delete('trips'),
    )
    expect(fetches.map(({ subgraph, status }) => [subgraph, status])).toEqual([
      ['people', 'ok'],
      ['trips', 'failed'],
    ])
    const crashed = await traceOf('{ hello crash }')
    expect(crashed.fetches[0]?.status).toBe('partial')
  })

  test('is empty when no subgraph was asked', async () => {
    expect((await traceOf('{ __typename }')).fetches).toEqual([])
  })

  test('is not there when nobody asked for it', async () => {
    const { text } = await asking(admin, '{ hello }', {})
    expect(text).toBe('{"data":{"hello":"world"}}')
  })
})
