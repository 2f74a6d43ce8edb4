import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { GraphQLError } from 'graphql'
import { createBrowser, publicOrigin } from '../edge-harness.ts'
import { held, startWorld, type World } from './world.ts'

let isOver = false
let world: World
let cookie = ''
beforeAll(async () => {
  world = await startWorld({
    quota: async () => {
      if (!isOver) return null
      const http = { headers: { 'retry-after': '7' } }
      throw new GraphQLError('Wait 7 s.', { extensions: { code: 'RATE_LIMITED', http } })
    },
  })
  const browser = createBrowser(world.edge.fetch)
  await browser.signIn()
  cookie = `__Host-plexus=${browser.jar.get('__Host-plexus')}`
})
beforeEach(() => {
  held.length = 0
})
afterAll(() => world.stop())

const json = { 'content-type': 'application/json' }
const body = JSON.stringify({ input: { slot: 'a' } })
const told = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = await response.json()
  expect(problem).toMatchObject({ status: response.status, requestId: 'request-1' })
  return [problem.status, problem.code]
}
/** The code of the same failure as the graph tells it. */
const graphCode = async (name: string, variables: object, headers: HeadersInit) => {
  const { operationOf } = world
  const documentId = `sha256:${operationOf(name).hash}`
  const answer = await (await world.post('/graphql', { documentId, variables }, headers)).json()
  return answer.errors[0].extensions.code
}

describe('a failure has the code that the graph has for it, as a problem', () => {
  test('a token that is not good', async () => {
    const headers = { authorization: 'Bearer nonsense' }
    const refused = await world.send('/api/v1/coaches', { headers })
    expect(refused.headers.has('www-authenticate')).toBe(true)
    expect(await told(refused)).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('a scope that the token has not', async () => {
    const headers = await world.bearer('bookings:write')
    const refused = await world.send('/api/v1/partner-secret', { headers })
    expect(await told(refused)).toEqual([403, 'UNAUTHORIZED_FIELD_OR_TYPE'])
    expect(await graphCode('PartnerSecret', {}, headers)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    const granted = await world.bearer('bookings:read')
    const answer = await world.send('/api/v1/partner-secret', { headers: granted })
    expect([answer.status, await answer.json()]).toEqual([200, 'of somebody'])
  })

  test('over quota, with the time to wait', async () => {
    isOver = true
    try {
      const refused = await world.send('/api/v1/coaches')
      expect(refused.headers.get('retry-after')).toBe('7')
      expect(await told(refused)).toEqual([429, 'RATE_LIMITED'])
      expect(await graphCode('Coaches', {}, {})).toBe('RATE_LIMITED')
    } finally {
      isOver = false
    }
  })

  test('what others have, and what nobody has, in the same words', async () => {
    const words = async (path: string) => {
      const refused = await world.send(path)
      const { instance: _, ...problem } = await refused.json()
      return problem
    }
    const nothing = await words('/api/v1/nothing')
    expect(nothing).toMatchObject({ status: 404, code: 'OPERATION_NOT_REGISTERED' })
    for (const name of ['partner-secret', 'inner', 'constructor'])
      expect(await words(`/api/v1/${name}`)).toEqual(nothing)
    expect(await graphCode('Inner', {}, {})).toBe('OPERATION_NOT_REGISTERED')
  })

  test('an operation that was retired, with the day', async () => {
    const refused = await world.send('/api/v1/gone')
    const problem = await refused.clone().json()
    expect(await told(refused)).toEqual([410, 'OPERATION_RETIRED'])
    expect(problem.detail).toContain('2026-01-31')
    const description = await (await world.send('/api/v1/openapi.json')).json()
    expect(description.paths).not.toHaveProperty('/gone')
  })

  test('a fault of ours, without a word of its cause', async () => {
    const refused = await world.send('/api/v1/broken')
    const text = await refused.clone().text()
    expect(text).not.toContain('hunter2')
    expect(await told(refused)).toEqual([500, 'INTERNAL'])
  })

  test.each([
    ['too large a body', { method: 'POST', headers: json, body: 'x'.repeat(5_000) }, 413],
    ['a form', { method: 'POST', body: new URLSearchParams({ slot: 'a' }) }, 415],
    ['no type', { method: 'POST', body: new Uint8Array([1]) }, 415],
    ['a method of no resource', { method: 'PUT', headers: json, body }, 405],
    [
      'a type that nothing has',
      { method: 'POST', headers: { ...json, accept: 'image/png' }, body },
      406,
    ],
  ] as const)('%s', async (_, init, status) => {
    const refused = await world.send('/api/v1/hold', init)
    if (status === 405) expect(refused.headers.get('allow')).toBe('GET, POST')
    expect((await told(refused))[0]).toBe(status)
    expect(held).toEqual([])
  })

  test.each(['/api/nothing/at/all', '/api/v1/coach/%ff', '/api/v1/coaches/lea', '/api/v1/x.y'])(
    'nothing at %s',
    async (path) => {
      expect(await told(await world.send(path))).toEqual([404, 'NOT_FOUND'])
    },
  )
})

describe('what another site made the browser of a signed-in person send', () => {
  const attacks: Readonly<Record<string, Record<string, string>>> = {
    'a form': { origin: 'https://evil.test', 'content-type': 'text/plain' },
    'a script': { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site', ...json },
    'a script of a sibling host': {
      ...{ origin: 'https://other.plexus.test', 'sec-fetch-site': 'same-site' },
      ...json,
    },
    'an allowed origin, with the cookie': { origin: 'https://shop.test', ...json },
    'a form without any trace': { 'content-type': 'application/x-www-form-urlencoded' },
  }
  const attack = (name: string, path: string) => ({
    path,
    init: { method: 'POST', headers: { cookie, ...attacks[name] }, body },
  })

  test.each(Object.keys(attacks))('changes nothing: %s', async (name) => {
    for (const path of ['/api/v1/hold', '/checkout']) {
      const { init } = attack(name, path)
      const refused = await world.send(path, init)
      expect([403, 415]).toContain((await told(refused))[0] ?? 0)
    }
    expect(held).toEqual([])
  })

  test.each(Object.keys(attacks))('and would have without the first stage: %s', async (name) => {
    const { path, init } = attack(name, '/api/v1/hold')
    const answer = await world.send(path, init, world.edge.unguarded)
    expect([answer.status, held.length]).toEqual([200, 1])
  })

  test('is not even read', async () => {
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    const paths = ['/api/v1/coaches', '/api/openapi.json', '/api']
    for (const path of paths) {
      expect(await told(await world.send(path, { headers }))).toEqual([403, 'CSRF'])
      const unguarded = await world.send(path, { headers }, world.edge.unguarded)
      expect(unguarded.status).toBe(200)
    }
  })

  test('while our own page may', async () => {
    const headers = { cookie, origin: publicOrigin, 'sec-fetch-site': 'same-origin', ...json }
    const answer = await world.send('/api/v1/hold', { method: 'POST', headers, body })
    expect([answer.status, held.length]).toEqual([200, 1])
  })

  test('pages of the allow list may ask as nobody', async () => {
    const headers = { origin: 'https://shop.test', 'sec-fetch-site': 'cross-site' }
    const answer = await world.send('/api/v1/coaches', { headers })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.test')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })
})

describe('what caches may keep', () => {
  test('is a public query of nobody, as on the graph', async () => {
    const answer = await world.send('/api/v1/coaches')
    expect(answer.headers.get('cache-control')).toBe(
      'public, max-age=60, stale-while-revalidate=300',
    )
    for (const name of ['accept', 'authorization', 'cookie', 'accept-encoding'])
      expect(answer.headers.get('vary')).toContain(name)
    const etag = answer.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    const again = await world.send('/api/v1/coaches', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('cache-control')).toStartWith('public')
    const other = await world.send('/api/v2/coaches', { headers: { 'if-none-match': etag } })
    expect(other.status).toBe(200)
  })

  test('is nothing of somebody, nothing posted, nothing that lacks a part, and no problem', async () => {
    const answers = [
      await world.send('/api/v1/coaches', { headers: { cookie } }),
      await world.send('/api/v1/partner-secret', { headers: await world.bearer('bookings:read') }),
      await world.post('/api/v1/coaches', {}),
      await world.send('/api/v1/coach-mail'),
      await world.send('/api/v1/nothing'),
      await world.send('/api/v1/coach/nobody'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toMatch(/no-store$/)
      expect(headers.has('etag')).toBe(false)
    }
  })
})

describe('a subscription', () => {
  test('is a stream of events for who takes those', async () => {
    const headers = { accept: 'text/event-stream' }
    const stream = await world.send('/api/v1/ticks?to=2', { headers })
    expect(stream.headers.get('content-type')).toStartWith('text/event-stream')
    const text = await stream.text()
    expect(text).toContain('"ticks":2')
    expect(text).toContain('event: complete')
  })

  test('is nothing for who does not, and takes no POST', async () => {
    expect(await told(await world.send('/api/v1/ticks?to=2'))).toEqual([406, 'BAD_REQUEST'])
    const posted = await world.post('/api/v1/ticks', { to: 2 })
    expect(posted.headers.get('allow')).toBe('GET')
    expect(await told(posted)).toEqual([405, 'METHOD_NOT_ALLOWED'])
  })
})
