import { describe, expect, test } from 'bun:test'
import { GraphQLError } from 'graphql'
import { AppError } from '#kit/errors'
import { createCache } from '../cache.ts'
import { createRecent } from '../recent.ts'

const bytesOf = (value: string) => value.length
const bounds = { entriesMax: 3, bytesMax: 100, bytesOf }

/** A maker that counts how often it is called. */
const counting = () => {
  const made: string[] = []
  return {
    made,
    text: (key: string, length = 1) => {
      made.push(key)
      return key.padEnd(length, '.')
    },
  }
}

describe('what is made once', () => {
  test('is made by the first of a hundred who ask at once, and by nobody later', async () => {
    const { made, text } = counting()
    const cache = createCache<string, string>(bounds)
    const { promise: gate, resolve } = Promise.withResolvers<void>()
    const ask = () => cache.of('a', () => gate.then(() => text('a')))
    const asked = Array.from({ length: 100 }, ask)
    expect(cache.peek('a')).toBeUndefined()
    resolve()
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['a']))
    expect(await ask()).toBe('a')
    expect(cache.peek('a')).toBe('a')
    expect(made).toEqual(['a'])
  })

  test('is forgotten when others were asked for since: by number and by bytes', async () => {
    const { made, text } = counting()
    const cache = createCache<string, string>(bounds)
    const ask = (key: string, length = 1) => cache.of(key, async () => text(key, length))
    for (const key of ['a', 'b', 'c', 'a', 'd']) await ask(key)
    expect(cache.peek('b')).toBeUndefined()
    expect(cache.held()).toMatchObject({ entries: 3, bytes: 3 })
    await ask('large', 99)
    expect(cache.held()).toMatchObject({ entries: 2, bytes: 100 })
    expect([cache.peek('c'), cache.peek('a')]).toEqual([undefined, undefined])
    await ask('d')
    expect(made).toEqual(['a', 'b', 'c', 'd', 'large'])
  })

  test('is given and not kept when it alone is larger than everything allowed', async () => {
    const cache = createCache<string, string>(bounds)
    await cache.of('a', async () => 'a')
    expect(await cache.of('huge', async () => '.'.repeat(101))).toHaveLength(101)
    expect(cache.held()).toMatchObject({ entries: 1, bytes: 1 })
  })
})

describe('a refusal', () => {
  const asking = (error: unknown) => {
    const cache = createCache<string, string>({ ...bounds, refusalsMax: 2, bytesMax: 1e6 })
    let times = 0
    const ask = (key = 'a') =>
      cache.of(key, async () => {
        times += 1
        throw error
      })
    return { cache, ask, times: () => times }
  }

  test.each([
    ['a document that is not valid', new AggregateError([new GraphQLError('no')]), 1],
    ['a document that is not GraphQL', new GraphQLError('Syntax Error: no'), 1],
    ['a document that asks for too much', new AppError('DOCUMENT_TOO_COMPLEX', 'no'), 1],
    ['a plan that took too long', new AppError('TIMEOUT', 'no'), 2],
    ['a request that was broken off', new DOMException('gone', 'AbortError'), 2],
    ['a wait that was over', new DOMException('late', 'TimeoutError'), 2],
  ])('of %s', async (_, error, expected) => {
    const { ask, times } = asking(error)
    await expect(ask()).rejects.toBe(error)
    await expect(ask()).rejects.toBe(error)
    expect(times()).toBe(expected)
  })

  test('never takes the place of a value, and is itself one of few', async () => {
    const { cache, ask, times } = asking(new GraphQLError('no'))
    await cache.of('value', async () => 'value')
    for (let index = 0; index < 50; index += 1) await ask(`refused ${index}`).catch(() => {})
    expect(cache.held()).toMatchObject({ entries: 1, refusals: 2 })
    expect(cache.peek('value')).toBe('value')
    await ask('refused 0').catch(() => {})
    expect(times()).toBe(51)
  })

  test('that comes before anything is awaited is one as well', async () => {
    const cache = createCache<string, string>(bounds)
    const refused = cache.of('a', () => {
      throw new GraphQLError('no')
    })
    await expect(refused).rejects.toThrow('no')
  })
})

test('what is kept without a promise is weighed as well', () => {
  const { made, text } = counting()
  const recent = createRecent<string, string>(10, { bytesMax: 5, bytesOf })
  for (const key of ['aa', 'bb', 'aa', 'cc', 'bb']) recent.of(key, () => text(key))
  expect(made).toEqual(['aa', 'bb', 'cc', 'bb'])
})
