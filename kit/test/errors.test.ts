import { describe, expect, test } from 'bun:test'
import {
  execute,
  GraphQLEnumType,
  GraphQLError,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  parse,
  validate,
} from 'graphql'
import { errorCodes } from '#schema/errors'
import { AppError, describeError, errorResponse, isMasked, publicError } from '../errors.ts'

const Day = new GraphQLScalarType({
  name: 'Day',
  parseValue: () => {
    throw new TypeError('a day looks like 2026-01-31')
  },
})
const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: {} } })

const failing = (error: unknown) => ({
  type: GraphQLString,
  resolve: () => {
    throw error
  },
})

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      refused: failing(new AppError('FORBIDDEN', 'Only the customer can cancel a booking.')),
      broken: failing(new Error('password=hunter2')),
      careless: failing(new GraphQLError('select * from secret')),
      misleading: failing(new Error('Argument "path" /etc/passwd is unreadable')),
      colour: { type: Colour, resolve: () => 'ULTRAVIOLET' },
      needed: { type: new GraphQLNonNull(GraphQLInt), resolve: () => null },
      on: { type: GraphQLInt, args: { day: { type: Day }, count: { type: GraphQLInt } } },
      add: { type: GraphQLInt, args: { by: { type: new GraphQLNonNull(GraphQLInt) } } },
    },
  }),
})

/** The first error of a document, as an executor hands it out. */
async function errorOf(source: string, variables = {}): Promise<unknown> {
  try {
    const document = parse(source)
    const [fault] = validate(schema, document)
    if (fault) return fault
    const { errors } = await execute({ schema, document, variableValues: variables })
    return errors?.[0]
  } catch (error) {
    return error
  }
}

const shown = async (source: string, variables = {}) => {
  const { message, extensions } = publicError(await errorOf(source, variables), 'req-1')
  return { message, code: extensions.code }
}

describe('what the client may read', () => {
  const rows: [string, Record<string, unknown>, string, string][] = [
    ['{ refused }', {}, 'FORBIDDEN', 'Only the customer can cancel a booking.'],
    ['{ refused', {}, 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ nope }', {}, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nope" on type "Query".'],
    ['query ($c: Int) { on(count: $c) }', { c: 'x' }, 'BAD_USER_INPUT', 'Variable "$c" got'],
    ['query ($c: Int!) { on(count: $c) }', {}, 'BAD_USER_INPUT', 'was not provided'],
    ['query ($c: Int!) { on(count: $c) }', { c: null }, 'BAD_USER_INPUT', 'must not be null'],
    ['query ($c: Int) { on }', {}, 'GRAPHQL_VALIDATION_FAILED', 'Variable "$c" is never used'],
    ['query q { on(count: $c) }', {}, 'GRAPHQL_VALIDATION_FAILED', 'Variable "$c" is not defined'],
    [
      'query ($c: String) { on(count: $c) }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      'Variable "$c" of type "String" used in position expecting type "Int"',
    ],
    ['query ($d: Day) { on(day: $d) }', { d: 1 }, 'BAD_USER_INPUT', 'a day looks like'],
    ['query ($by: Int = 1) { add(by: $by) }', { by: null }, 'BAD_USER_INPUT', 'Argument "by"'],
  ]
  test.each(rows)('%s %o is answered with %s', async (source, variables, code, text) => {
    const answer = await shown(source, variables)
    expect(answer.code).toBe(code)
    expect(answer.message).toContain(text)
  })

  test('an unknown operation name is a bad request', async () => {
    const document = parse('query a { on } query b { on }')
    const { errors } = await execute({ schema, document, operationName: 'c' })
    expect(publicError(errors?.[0], 'req-1').extensions.code).toBe('BAD_REQUEST')
  })

  test('an error that another service already made public passes with its code', () => {
    const foreign = new GraphQLError('Sign in.', { extensions: { code: 'UNAUTHENTICATED' } })
    expect(publicError(foreign, 'req-1').toJSON()).toEqual({
      message: 'Sign in.',
      extensions: { code: 'UNAUTHENTICATED', requestId: 'req-1' },
    })
  })
})

describe('what is masked', () => {
  test.each(['broken', 'careless', 'misleading', 'colour', 'needed'])(
    'the field %s tells the request id and nothing else',
    async (field) => {
      const original = await errorOf(`{ ${field} }`)
      const answer = publicError(original, 'req-1').toJSON()
      expect(answer).toEqual({
        message: 'Something went wrong on our side. Quote request req-1 when you contact us.',
        locations: [{ line: 1, column: 3 }],
        path: [field],
        extensions: { code: 'INTERNAL', requestId: 'req-1' },
      })
      // Negative control: graphql-js itself would have told the client.
      expect(String(original)).not.toContain('Something went wrong')
    },
  )

  test('anything that is not an error of ours is masked, even a thrown string', () => {
    const marked = new GraphQLError('Unexpected error.', { extensions: { unexpected: true } })
    const unknown = new GraphQLError('of another table', { extensions: { code: 'INTERNAL_FAULT' } })
    for (const thrown of ['select 1', null, new TypeError('x'), marked, unknown]) {
      expect(publicError(thrown, 'req-1').extensions.code).toBe('INTERNAL')
      expect(isMasked(thrown)).toBe(true)
    }
  })

  test('the log receives the original of a masked error and nothing of a public one', async () => {
    const logged: unknown[] = []
    const log = { error: (message: string, error?: unknown) => logged.push([message, error]) }
    publicError(await errorOf('{ refused }'), 'req-1', log)
    expect(logged).toEqual([])
    publicError(await errorOf('{ broken }'), 'req-1', log)
    expect(logged).toEqual([['Request req-1 failed', new Error('password=hunter2')]])
  })
})

test('the http status that Yoga reads stays, and no other extension does', () => {
  const error = new GraphQLError('Syntax Error: x', {
    extensions: { http: { status: 400 }, debug: 'private' },
  })
  expect(publicError(error, 'req-1').extensions).toEqual({
    http: { status: 400 },
    code: 'GRAPHQL_PARSE_FAILED',
    requestId: 'req-1',
  })
})

test.each(Object.entries(errorCodes))(
  '%s answers outside GraphQL with its status',
  async (code, row) => {
    // Object.entries widens the key; it is one of the table.
    const response = errorResponse(new AppError(code as keyof typeof errorCodes, 'Told.'), 'req-1')
    expect(response.status).toBe(row.http)
    expect(await response.json()).toEqual({
      errors: [{ message: 'Told.', extensions: { code, requestId: 'req-1' } }],
    })
  },
)

test('a bug outside GraphQL answers 500 and keeps its text', async () => {
  const response = errorResponse(new Error('password=hunter2'), 'req-1')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('hunter2')
})

test('the description for the log holds the stack, every cause and every member of an aggregate', () => {
  const cause = new Error('socket closed')
  const text = describeError(
    new AppError('UNAVAILABLE', 'Try later.', { cause: new AggregateError([cause], 'two tries') }),
  )
  for (const part of ['AppError: Try later.', 'errors.test.ts', 'Caused by:', 'socket closed']) {
    expect(text).toContain(part)
  }
  expect(describeError('plain')).toBe('plain')
})
