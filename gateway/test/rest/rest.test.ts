import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { held, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  held.length = 0
})
afterAll(() => world.stop())

const get = (path: string, headers: HeadersInit = {}) => world.send(path, { headers })
const read = async (response: Response) => [response.status, await response.json()]

describe('a query', () => {
  test('is answered by GET, with the value of its one field', async () => {
    const response = await get('/api/v1/coaches')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await read(response)).toEqual([200, [{ name: 'Léa' }, { name: 'Ada' }]])
  })

  test('and by POST, with the same', async () => {
    const posted = await world.post('/api/v1/coaches', { first: 1 })
    expect(await read(posted)).toEqual([200, [{ name: 'Léa' }, { name: 'Ada' }]])
    const bare = await world.send('/api/v1/coaches', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    })
    expect(bare.status).toBe(200)
  })

  test('names what it is about at the end of the path, and 404 is that there is none', async () => {
    expect(await read(await get('/api/v1/coach/l%C3%A9a%2Fb'))).toEqual([
      200,
      { slug: 'léa/b', name: 'Léa' },
    ])
    expect(await read(await get('/api/v1/coach?slug=ada'))).toMatchObject([200, { slug: 'ada' }])
    expect(await read(await get('/api/v1/coach?slug=nobody'))).toEqual([200, null])
    expect(await read(await get('/api/v1/coach/nobody'))).toMatchObject([
      404,
      { code: 'NOT_FOUND' },
    ])
  })

  test('takes each kind of value out of the query string', async () => {
    const query =
      'first=3&tags=a&tags=b%26c&filter[order]=OLDEST&filter[isFree]=true&filter[price]=-1.5e2' +
      '&filter[ids]=1&filter[ids]=x&filter[range][from]=a%20b&filter[range][days]=1&at=OLDEST'
    const [status, body] = await read(await get(`/api/v1/echo?${query}`))
    expect(status).toBe(200)
    expect(JSON.parse(body.echo)).toEqual({
      ...{ first: 3, tags: ['a', 'b&c'] },
      filter: {
        ...{ order: 'OLDEST', isFree: true, price: -150, ids: ['1', 'x'] },
        range: { from: 'a b', days: [1] },
      },
    })
    expect(JSON.parse(body.again)).toEqual({ filter: { order: 'OLDEST' } })
  })

  test('of several fields is answered with data, and says what is missing in it', async () => {
    const response = await get('/api/v1/coach-mail')
    expect(response.headers.get('x-plexus-errors')).toBe(
      'INTERNAL coach.broken, UNAUTHORIZED_FIELD_OR_TYPE coach.mail',
    )
    expect(await read(response)).toEqual([200, { name: 'Léa', mail: null, broken: null }])
  })
})

describe('values that cannot be used are named, each of them', () => {
  test.each([
    ['/api/v1/echo?first=many&nothing=1&__proto__=1', ['__proto__', 'first', 'nothing']],
    ['/api/v1/echo?first=1&first=2', ['first']],
    ['/api/v1/echo?first[x]=2&filter=x', ['filter', 'first']],
    ['/api/v1/echo?filter[nothing]=1&filter[isFree]=yes', ['filter.isFree', 'filter.nothing']],
    ['/api/v1/echo?filter[__proto__][x]=1&filter[price]=1x', ['filter.__proto__', 'filter.price']],
    ['/api/v1/echo?filter[range][days]=x', ['filter.range.days']],
    ['/api/v1/echo?at=SOON', ['at']],
    ['/api/v1/echo?filter[order]=SOON', ['filter.order']],
    ['/api/v1/coach', ['slug']],
    ['/api/v1/coach/lea?slug=ada', ['slug']],
  ])('%s', async (path, names) => {
    const response = await get(path)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const [status, body] = await read(response)
    expect([status, body.code]).toEqual([400, 'BAD_USER_INPUT'])
    expect(body.errors.map(({ name }: { name: string }) => name).sort()).toEqual(names)
    expect(body).toMatchObject({
      status: 400,
      instance: path.split('?')[0],
      requestId: 'request-1',
    })
  })

  test('in a body too', async () => {
    const cases = [
      [{ input: { seats: 1 } }, ['input']],
      [{ input: { slot: 'a', seats: 'many' } }, ['input.seats']],
      [{ input: { slot: 'a', what: 1 } }, ['input']],
      [{ other: 1 }, ['other', 'input']],
    ] as const
    for (const [body, names] of cases) {
      const [status, told] = await read(await world.post('/api/v1/hold', body))
      expect([status, told.code]).toEqual([400, 'BAD_USER_INPUT'])
      expect(told.errors.map(({ name }: { name: string }) => name)).toEqual(names)
    }
    expect(held).toEqual([])
  })

  test.each(['[1]', 'null', '"x"', '{', '1'])('%s is no body', async (body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await world.send('/api/v1/hold', { method: 'POST', headers, body })
    expect(await read(response)).toMatchObject([400, { code: 'BAD_REQUEST' }])
  })
})

describe('a mutation', () => {
  const hold = (slot: string) => world.post('/api/v1/hold', { input: { slot } })

  test('is answered by POST', async () => {
    expect(await read(await hold('a'))).toEqual([
      200,
      { __typename: 'Held', id: 'a', code: 'A1', message: 'x' },
    ])
  })

  test('says by its status that it was refused, and what the refusal says', async () => {
    expect(await read(await hold('taken'))).toEqual([
      409,
      {
        ...{ type: '/api#CONFLICT', title: 'Something else was done in the meantime' },
        ...{ status: 409, code: 'CONFLICT', detail: 'It is taken.', free: 3 },
        ...{ instance: '/api/v1/hold', requestId: 'request-1' },
      },
    ])
    expect(await read(await hold('bad'))).toMatchObject([
      422,
      { code: 'VALIDATION', type: 'about:blank', errors: [{ name: 'input.slot', detail: 'No.' }] },
    ])
  })

  test('is never carried out by GET', async () => {
    const response = await get('/api/v1/hold?input[slot]=a')
    expect(response.headers.get('allow')).toBe('POST')
    expect(await read(response)).toMatchObject([405, { code: 'METHOD_NOT_ALLOWED' }])
    expect(held).toEqual([])
  })

  test('answers at an address that was there before', async () => {
    expect(await read(await world.post('/checkout', { input: { slot: 'b' } }))).toMatchObject([
      200,
      { id: 'b' },
    ])
  })

  test.each(['/company', '/upload'])('has nothing behind %s yet, and says so', async (path) => {
    const [status, body] = await read(await world.post(path, {}))
    expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
    expect(body.detail).toContain('yet')
  })
})

describe('versions', () => {
  const json = (version: number) => ({ accept: `application/vnd.plexus.v${version}+json` })
  const first = [{ name: 'Léa' }, { name: 'Ada' }]
  const second = [
    { slug: 'lea', name: 'Léa' },
    { slug: 'ada', name: 'Ada' },
  ]

  test('[MP-77] stand side by side in the path, and a later one has what did not change', async () => {
    expect(await read(await get('/api/v1/coaches'))).toEqual([200, first])
    expect(await read(await get('/api/v2/coaches'))).toEqual([200, second])
    expect(await read(await get('/api/v2/coach/ada'))).toMatchObject([200, { slug: 'ada' }])
  })

  test('[MP-76] or in Accept, which the answer then names', async () => {
    const response = await get('/api/coaches', json(2))
    expect(response.headers.get('content-type')).toBe(
      'application/vnd.plexus.v2+json; charset=utf-8',
    )
    expect(await read(response)).toEqual([200, second])
    expect(await read(await get('/api/coaches', json(1)))).toEqual([200, first])
    expect(await read(await get('/api/coaches'))).toEqual([200, first])
    expect(await read(await get('/api/v2/coaches', json(2)))).toEqual([200, second])
  })

  test('that are retired give way to another operation of that address', async () => {
    expect(await read(await get('/api/list-coaches'))).toMatchObject([200, [{ slug: 'lea' }, {}]])
  })

  test.each([
    ['/api/v9/coaches', {}],
    ['/api/v0/coaches', {}],
    ['/api/v3/coaches', {}],
    ['/api/coaches', json(9)],
    ['/api/v1/coaches', json(2)],
    ['/graphql?documentId=x', json(9)],
    ['/graphql/sha256:x', json(0)],
    ['/mcp', json(3)],
  ])('there is none: %s %o', async (path, headers) => {
    const response = await get(path, headers)
    const [status, body] = await read(response)
    const code = body.code ?? body.errors[0].extensions.code
    expect([status, code]).toEqual([406, 'UNKNOWN_VERSION'])
  })

  test('mean the same for a document', async () => {
    const body = { documentId: `sha256:${'0'.repeat(64)}` }
    const told = await world.post('/graphql', body, json(1))
    expect(told.headers.get('content-type')).toBe('application/vnd.plexus.v1+json; charset=utf-8')
    expect(await read(told)).toMatchObject([403, { errors: [{}] }])
  })
})
