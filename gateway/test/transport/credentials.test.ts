import { describe, expect, test } from 'bun:test'
import { createMinter, type Viewer } from '#kit/identity-token'
import { forwarding, keyOf, mintedBy } from '../../engine/transport/credentials.ts'
import { identityKeys } from '../fake-subgraphs.ts'
import { exchangeFor, jsonOf, startSubgraph } from './subgraph.ts'

const viewer: Viewer = {
  id: '00000000-0000-7000-8000-000000000001',
  roles: [],
  scopes: new Set(['self']),
  acr: '1',
  actor: null,
  sessionId: 'session-1',
}

describe('a minted token', () => {
  const minter = createMinter({ privateJwk: identityKeys.private, now: () => new Date(0) })
  const credentials = mintedBy(minter)
  const keyFor = async (who: Viewer | null, subgraph = 'shop') =>
    keyOf(await credentials.headersFor({ ...exchangeFor({}), viewer: who }, subgraph))

  test('is the same for equal viewers, also of other requests', async () => {
    expect(await keyFor({ ...viewer })).toBe(await keyFor(viewer))
    expect(await keyFor(null)).toBe(await keyFor(null))
  })

  test.each([
    ['id', { id: '00000000-0000-7000-8000-000000000002' }],
    ['scopes', { scopes: new Set(['self', 'mail']) }],
    ['strength of sign-in', { acr: '2' }],
    ['person behind an impersonation', { actor: '00000000-0000-7000-8000-000000000003' }],
    ['session', { sessionId: 'session-2' }],
  ])('differs by %s', async (_, other) => {
    expect(await keyFor({ ...viewer, ...other })).not.toBe(await keyFor(viewer))
  })

  test('differs by subgraph, and from that of nobody', async () => {
    const keys = [await keyFor(viewer), await keyFor(viewer, 'stock'), await keyFor(null)]
    expect(new Set(keys).size).toBe(3)
  })
})

describe('forwarded headers', () => {
  const ask = async (names: readonly string[], headers: Record<string, string>) => {
    const request = new Request('http://gateway.local/graphql', { headers })
    return forwarding(names).headersFor({ ...exchangeFor({}), request }, 'shop')
  }

  test('are those that are named, by any case, and no others', async () => {
    const sent = { authorization: 'Bearer x', cookie: 'a=1', 'X-Tenant': 't1' }
    expect(await ask(['Authorization', 'x-tenant', 'x-absent'], sent)).toEqual({
      authorization: 'Bearer x',
      'x-tenant': 't1',
    })
    expect(await ask([], sent)).toEqual({})
  })

  test.each(['Host', 'content-length', 'Connection', 'Accept', 'Transfer-Encoding', 'traceparent'])(
    'cannot be %s: it belongs to the connection or the body',
    (name) => {
      expect(() => forwarding([name])).toThrow(name.toLowerCase())
    },
  )

  test('have one key only if they are equal', () => {
    const sets = [
      { a: '1', b: '2' },
      { a: '1' },
      { b: '2' },
      { a: '2', b: '1' },
      { a: '1\nb 1 2' },
      { 'a 1 1\nb': '2' },
      {},
    ]
    expect(new Set(sets.map(keyOf)).size).toBe(sets.length)
    expect(keyOf({ b: '2', a: '1' })).toBe(keyOf({ a: '1', b: '2' }))
  })
})

describe('a subgraph that says 401', () => {
  const told = '{"errors":[{"message":"Who are you?"}]}'
  const refuse = () => jsonOf(told, { status: 401 })

  test('to the client’s own credentials is heard', async () => {
    const shop = startSubgraph({ respond: refuse })
    expect(await shop.ask()).toBe(told)
  })

  test('to a token of ours has a fault of ours', async () => {
    const minter = createMinter({ privateJwk: identityKeys.private, now: () => new Date() })
    const shop = startSubgraph({ respond: refuse, deps: { credentials: mintedBy(minter) } })
    expect(shop.ask()).rejects.toThrow('not available')
    expect(shop.lines.join('')).toContain('the identity token was refused')
  })
})
