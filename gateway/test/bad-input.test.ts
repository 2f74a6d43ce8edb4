import { describe, expect, test } from 'bun:test'
import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import { type Answered, explorer, noLimits, startHarness } from './harness.ts'
import { lanes } from './lanes.ts'

function expectError({ status, errors, data, headers }: Answered, [code, http]: [string, number]) {
  expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code, requestId: 'request-1' }])
  expect(errors?.[0]?.message).not.toBe('')
  expect(status).toBe(http)
  expect(data).toBeUndefined()
  expect(headers.get('x-request-id')).toBe('request-1')
  expect(headers.get('cache-control')).toBe('private, no-store')
}

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const nested = (depth: number) =>
  `{ me { ${'friends { '.repeat(depth)} id ${'} '.repeat(depth)} } }`

describe.each(lanes)('by the %s lane', (lane) => {
  const graph = startHarness({ lane })

  /**
   * The same gateway without limits: what is refused must be answered here, or the test proves
   * nothing.
   */
  const unprotected = startHarness({ lane, limits: noLimits })

  describe('a request that cannot be read', () => {
    test.each([
      ['malformed JSON', '{"query":'],
      ['nothing', ''],
      ['null', 'null'],
      ['a string', '"{ hello }"'],
      ['a list of requests', '[{"query":"{ hello }"},{"query":"{ hello }"}]'],
      ['an empty list', '[]'],
      ['no document', '{}'],
      ['an empty document', '{"query":""}'],
      ['a document that is a number', '{"query":1}'],
      ['a name that is a list', '{"query":"{ hello }","operationName":["x"]}'],
      ['variables that are a string', '{"query":"{ hello }","variables":"x"}'],
      ['variables that are a list', '{"query":"{ hello }","variables":[1]}'],
      ['extensions that are a number', '{"query":"{ hello }","extensions":1}'],
      ['an id that is a number', '{"documentId":1}'],
      ['an id beside a document', `{"documentId":"sha256:${'0'.repeat(64)}","query":"{ hello }"}`],
      ['the name of no operation', '{"query":"query A { hello }","operationName":"B"}'],
    ])('%s', async (_, body) => {
      expectError(await graph.post(body), ['BAD_REQUEST', 400])
    })

    test('variables of a GET that are no JSON', async () => {
      expectError(await graph.get({ query: '{ hello }', variables: '{' }), ['BAD_REQUEST', 400])
    })

    test('several operations and no name', async () => {
      const body = { query: 'query A { hello } query B { hello }' }
      expectError(await graph.post(body, explorer), ['BAD_REQUEST', 400])
    })

    test('a form, which any page may send', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expectError(await graph.post('query={hello}', {}, headers), ['BAD_REQUEST', 400])
      expectError(await graph.post('{ hello }', {}, { 'content-type': 'application/graphql' }), [
        'BAD_REQUEST',
        400,
      ])
    })

    test('a method that GraphQL does not know', async () => {
      const request = new Request('http://localhost:3000/graphql', { method: 'PUT', body: '{}' })
      const response = await graph.send(request)
      expect(response.status).toBe(405)
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED', requestId: 'request-1' } }],
      })
    })

    test('a mutation by GET', async () => {
      const answer = await graph.get({ query: 'mutation { touch }' })
      expectError(answer, ['METHOD_NOT_ALLOWED', 405])
      expect(answer.headers.get('allow')).toBe('POST')
      expect(graph.asked).toEqual([])
    })
  })

  describe('a document that is not valid', () => {
    test.each([
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['query ($x: String) { hello', 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ greet }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ greet(name: 1) }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ ...Missing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ __proto__: hello }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ __denied_0: hello }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ __typename: hello }', 'GRAPHQL_VALIDATION_FAILED'],
      [
        '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['{ hello } fragment A on Query { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ])('%s', async (query, code) => {
      expectError(await graph.ask(query), [code, 400])
      expect((await graph.ask('{ hello }')).data).toEqual({ hello: 'world' })
    })

    test.each([
      [{ name: 3 }],
      [{ name: null }],
      [{}],
      [{ name: { toString: 'x' } }],
      [{ name: ['x'] }],
      [{ name: 'x', mood: 'GOODD' }],
    ])('variables of the wrong type: %p', async (variables) => {
      const query = 'query ($name: String!, $mood: Mood) { greet(name: $name, mood: $mood) }'
      expectError(await graph.ask(query, {}, variables), ['BAD_USER_INPUT', 400])
    })

    test('names of the schema are suggested to explorers only', async () => {
      const told = async (caller?: typeof explorer) =>
        (await graph.ask('{ helo }', caller)).errors?.[0]?.message
      expect(await told()).toBe('Cannot query field "helo" on type "Query".')
      expect(await told(explorer)).toEndWith('Did you mean "hello"?')
      const mood = await graph.ask(
        'query ($m: Mood) { greet(name: "", mood: $m) }',
        {},
        { m: 'GOD' },
      )
      expect(mood.errors?.[0]?.message).not.toContain('Did you mean')
    })

    test('response keys that every object has are only names', async () => {
      const { data } = await graph.ask(
        '{ constructor: hello toString: hello hasOwnProperty: secret }',
      )
      expect(data).toEqual({ constructor: 'world', toString: 'world', hasOwnProperty: null })
    })
  })

  describe('a document that costs too much', () => {
    const { aliases, directives, depth, rootFields, fields, tokens, characters } = outsiderLimits
    test.each([
      ['aliases', `{ me { ${repeat(aliases + 1, (i) => `a${i}: __typename`)} } }`],
      [
        'aliases',
        `{ me { ...F } } fragment F on Person { ${repeat(aliases + 1, (i) => `a${i}: id`)} }`,
      ],
      ['levels of fields', nested(depth)],
      ['directives', `{ hello ${repeat(directives + 1, () => '@skip(if: false)')} }`],
      ['directives', `{ me { ${repeat(directives + 1, () => '... @include(if: true) { id }')} } }`],
      ['root fields', `{ ${repeat(rootFields + 1, () => 'hello')} }`],
      ['root fields', `{ ${repeat(rootFields + 1, () => '...F')} } fragment F on Query { hello }`],
      ['fields', `{ me { ${repeat(fields, () => 'id')} } }`],
      ['tokens', `{ me { ${repeat(tokens, () => 'id')} } }`],
      ['characters', `{ hello } #${'x'.repeat(characters)}`],
      ['operations', 'query A { hello } query B { hello }'],
    ])('%s: %#', async (what, query) => {
      const body = query.startsWith('query') ? { query, operationName: 'A' } : { query }
      const answer = await graph.post(body)
      expectError(answer, ['DOCUMENT_TOO_COMPLEX', 400])
      expect(answer.errors?.[0]?.message).toEndWith(` ${what}.`)
      const twin = await unprotected.post(body)
      // graphql-js itself allows a directive only once in a place.
      if (twin.errors?.[0]?.message.includes('can only be used once')) return
      expect(twin.errors).toBeUndefined()
    })

    test('fragments that double at each level are counted as often as they are spread', async () => {
      const bomb = `{ me { ...F0 } } ${repeat(
        9,
        (i) =>
          `fragment F${i} on Person { a: friends { ...F${i + 1} } b: friends { ...F${i + 1} } }`,
      )} fragment F9 on Person { id }`
      expectError(await graph.ask(bomb), ['DOCUMENT_TOO_COMPLEX', 400])
      const started = performance.now()
      const huge = `{ me { ...F0 } } ${repeat(
        90,
        (i) => `fragment F${i} on Person { ...F${i + 1} ... on Person { ...F${i + 1} } }`,
      )} fragment F90 on Person { id }`
      expectError(await graph.ask(huge), ['DOCUMENT_TOO_COMPLEX', 400])
      expect(performance.now() - started).toBeLessThan(5_000)
    })

    test('nesting that would outgrow the stack', async () => {
      const query = `{ me ${'{ friends '.repeat(4_900)} { id } ${'}'.repeat(4_901)}`
      expectError(await graph.ask(query, explorer), ['DOCUMENT_TOO_COMPLEX', 400])
      const list = `{ greet(name: ${'['.repeat(4_900)}${']'.repeat(4_900)}) }`
      const { status } = await graph.ask(list, explorer)
      expect(status).toBe(400)
    })

    test('introspection, for those who may not explore', async () => {
      const query = '{ __schema { types { name } } }'
      expectError(await graph.ask(query), ['FORBIDDEN', 403])
      expectError(await graph.ask('{ a: __type(name: "Plan") { name } }'), ['FORBIDDEN', 403])
      const program = { ...explorer, credential: 'bearer' } as const
      expectError(await graph.ask(query, program), ['FORBIDDEN', 403])
      expect((await graph.ask(query, explorer)).errors).toBeUndefined()
      expect((await unprotected.ask(query)).errors).toBeUndefined()
    })

    test('explorers have room for the introspection query of every tool', async () => {
      const { getIntrospectionQuery } = await import('graphql')
      const query = getIntrospectionQuery({
        descriptions: true,
        directiveIsRepeatable: true,
        inputValueDeprecation: true,
        oneOf: true,
        schemaDescription: true,
        specifiedByUrl: true,
      })
      expect((await graph.ask(query, explorer)).errors).toBeUndefined()
      expect(explorerLimits.depth).toBeGreaterThan(outsiderLimits.depth)
    })
  })
})
