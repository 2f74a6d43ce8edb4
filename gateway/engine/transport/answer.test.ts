import { describe, expect, test } from 'bun:test'
import { publicError } from '#kit/errors'
import { isSubgraphError } from '../../subgraph-error.ts'
import { answerFrom, type ErrorPolicy } from './answer.ts'

const textOf = (error: unknown) => JSON.stringify({ data: null, errors: [error] })
const firstOf = (error: unknown, policy: ErrorPolicy) => answerFrom(textOf(error), policy).errors[0]

const foreign = {
  message: 'No such sku.',
  path: ['products', 0, 'sku'],
  extensions: {
    code: 'SKU_UNKNOWN',
    hint: { sku: 7 },
    stacktrace: ['at secret.ts:1'],
    exception: { stacktrace: ['at secret.ts:1'] },
  },
}

describe('errors under the closed policy', () => {
  test('of a code that is not ours are masked', () => {
    const error = firstOf(foreign, 'closed')
    expect(error?.path).toEqual(['products', 0, 'sku'])
    const told = publicError(error, 'request-1')
    expect(told.extensions).toEqual({ code: 'INTERNAL', requestId: 'request-1' })
    expect(told.message).not.toContain('sku')
  })

  test('of one of our codes keep their message, and nothing but their code', () => {
    const extensions = { code: 'FORBIDDEN', stacktrace: ['x'], hint: 1 }
    const error = firstOf({ message: 'You may not.', extensions }, 'closed')
    expect(error?.message).toBe('You may not.')
    expect(error?.extensions).toEqual({ code: 'FORBIDDEN' })
  })
})

describe('errors under the open policy', () => {
  test('keep their message and extensions, but for what is for developers', () => {
    const error = firstOf(foreign, 'open')
    expect(error?.message).toBe('No such sku.')
    expect(error?.path).toEqual(['products', 0, 'sku'])
    expect(error?.extensions).toEqual({ code: 'SKU_UNKNOWN', hint: { sku: 7 } })
    expect(isSubgraphError(error)).toBe(true)
  })

  test.each([
    ['no extensions', { message: 'x' }],
    ['extensions that are none', { message: 'x', extensions: ['y'] }],
    ['null extensions', { message: 'x', extensions: null }],
    ['a path that is none', { message: 'x', path: [{}] }],
  ])('with %s are told all the same', (_, error) => {
    const told = firstOf(error, 'open')
    expect([told?.message, told?.extensions, told?.path]).toEqual(['x', {}, undefined])
  })

  test('cannot set the status or the headers of our own answer', () => {
    const http = { status: 302, headers: { location: 'https://evil.test', 'set-cookie': 'a=1' } }
    expect(firstOf({ message: 'x', extensions: { http } }, 'open')?.extensions).toEqual({})
  })

  test('a name of Object.prototype among the extensions is a name', () => {
    const text = '{"errors":[{"message":"x","extensions":{"__proto__":{"code":"y"}}}]}'
    const [error] = answerFrom(text, 'open').errors
    expect(error?.extensions.code).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('code')
  })
})

test.each(['', '{', '[]', '1', 'null', '"text"', '{}', '{"message":"x"}'])(
  '%p is no answer',
  (text) => {
    for (const policy of ['closed', 'open'] as const)
      expect(() => answerFrom(text, policy)).toThrow('no readable answer')
  },
)
