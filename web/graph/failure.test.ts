import { describe, expect, test } from 'bun:test'
import { CombinedError } from 'urql'
import { failureFrom } from './failure.ts'

const coded = (code: string) =>
  new CombinedError({ graphQLErrors: [{ message: 'x', extensions: { code, requestId: 'req-1' } }] })

describe('a failure', () => {
  test.each([
    ['UNAUTHENTICATED', 'signed-out'],
    ['UNAUTHORIZED_FIELD_OR_TYPE', 'denied'],
    ['UNAVAILABLE', 'unavailable'],
    ['RATE_LIMITED', 'unavailable'],
    ['INTERNAL', 'unexpected'],
  ] as const)('with the code %s is %s', (code, kind) => {
    expect(failureFrom(coded(code))).toEqual({ kind, requestId: 'req-1' })
  })

  test('without any answer means that the network is away', () => {
    const error = new CombinedError({ networkError: new TypeError('Failed to fetch') })
    expect(failureFrom(error)).toEqual({ kind: 'offline', requestId: null })
  })

  test('of the gateway itself is told by its status and its header', () => {
    const response = new Response(null, { status: 503, headers: { 'x-request-id': 'req-2' } })
    const error = new CombinedError({ networkError: new Error('x'), response })
    expect(failureFrom(error)).toEqual({ kind: 'unavailable', requestId: 'req-2' })
  })
})
