import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  parseValue,
  valueFromASTUntyped,
} from 'graphql'
import { createByText } from '../engine/prepare/by-text.ts'
import { documentFrom } from '../engine/prepare/document.ts'
import { hoisted } from '../engine/prepare/literals.ts'
import { engineNames, noLimits, startHarness } from './harness.ts'

const schema = buildSchema(`
  scalar Moment
  directive @tag(name: String, weight: Int) on FIELD | QUERY
  enum Mood { GOOD BAD }
  input Where { id: ID, min: Float, names: [String!], mood: Mood, since: Moment, inner: Where }
  input Pick @oneOf { id: ID, name: String }
  type Query {
    int(v: Int = 7): String
    mustInt(v: Int!): String
    float(v: Float): String
    string(v: String): String
    id(v: ID): String
    flag(v: Boolean): String
    mood(v: Mood): String
    ints(v: [Int]): String
    grid(v: [[Float!]!]): String
    ids(v: [ID!]!): String
    where(v: Where): String
    wheres(v: [Where!]): String
    pick(v: Pick): String
    moment(v: Moment): String
    self: Query
  }`)
// Each field answers what it was asked with, exactly as it arrived.
for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
  field.resolve = field.name === 'self' ? () => ({}) : (_, args) => JSON.stringify(args)

type Answer = { readonly data: unknown; readonly errors: readonly unknown[] }

const told = ({
  data,
  errors = [],
}: {
  data?: unknown
  errors?: readonly GraphQLError[]
}): Answer => ({
  data: JSON.parse(JSON.stringify(data ?? null)),
  errors: errors.map(({ message, path }) => ({ message, path })),
})
const refused = (error: unknown) => ({
  data: null,
  errors: (error instanceof AggregateError ? error.errors : [error]).map(({ message }) => message),
})

const run = async (document: DocumentNode, variableValues: Readonly<Record<string, unknown>>) =>
  told(await execute({ schema, document, variableValues, rootValue: {} }))

const plain = async (text: string, variables: object): Promise<Answer> => {
  try {
    return await run(documentFrom(schema, text), { ...variables })
  } catch (error) {
    return refused(error)
  }
}

/** What an engine does: makes each operation once, and runs it with what was found in the text. */
function engine(graph: GraphQLSchema = schema) {
  const made: string[] = []
  const byText = createByText<DocumentNode>({
    ...{ schema: graph, entriesMax: 1_000, bytesMax: 1e8, bytesOf: () => 1_000 },
    make: async (document) => {
      made.push(document.loc?.source.body ?? '')
      return document
    },
  })
  const ask = async (text: string, variables: object = {}): Promise<Answer> => {
    try {
      const found = await byText.of(text, null)
      const peeked = byText.peek(text, null)
      expect(peeked?.variables).toEqual(found.variables)
      expect(peeked?.operation).toBe(found.operation)
      return await run(found.operation, { ...variables, ...found.variables })
    } catch (error) {
      return refused(error)
    }
  }
  return { made, ask, byText }
}

describe('the shape of a text', () => {
  test('is the same for texts that differ in their literals alone', () => {
    const text = (int: string, float: string, string: string) =>
      `query q1($a2: Int = 3) { x1: f(a: ${int}, b: ${float}, c: [${string}]) }`
    const one = hoisted(text('1', '1.5', '"a"'))
    const other = hoisted(text('-20', '3e7', '"""b\n  # "x" 1"""'))
    expect(other?.shape).toBe(one?.shape ?? '')
    expect(one?.literals).toEqual(['3', '1', '1.5', 'a'])
    expect(other?.literals).toEqual(['3', '-20', '3e7', 'b\n# "x" 1'])
  })

  test.each([
    ['an Int and a Float', '{ f(a: 1) }', '{ f(a: 1.0) }'],
    ['an Int and a String', '{ f(a: 1) }', '{ f(a: "1") }'],
    ['a Boolean and another', '{ f(a: true) }', '{ f(a: false) }'],
    ['a name and another', '{ f(a: A1, b: 1) }', '{ f(a: A2, b: 1) }'],
    ['one literal and two', '{ f(a: [1]) }', '{ f(a: [1 1]) }'],
    ['a literal and one in a comment', '{ f(a: 1) # 1\n}', '{ f(a: 1) # 2\n}'],
    ['a string and a comment in it', '{ f(a: "#") }', '{ f(a: ""#") }\n'],
  ])('differs for %s', (_, one, other) => {
    expect(hoisted(one)?.shape ?? 'none').not.toBe(hoisted(other)?.shape ?? 'no shape')
  })

  test.each([
    ['a number with a zero in front', '{ f(a: 01) }'],
    ['a number and a name', '{ f(a: 1b) }'],
    ['a number without its fraction', '{ f(a: 1.) }'],
    ['a string without its end', '{ f(a: "x) }'],
    ['a string over two lines', '{ f(a: "x\ny") }'],
    ['an escape that means nothing', '{ f(a: "\\x") }'],
    ['half of a pair', '{ f(a: "\ud800") }'],
    ['a mark of our own', '{ f(a: \u0001) }'],
    ['a mark beside a literal', '{ f(a: \u0001, b: 2) }'],
    ['no literal', 'query q1($a1: Int) { f1(a: $a1) # 1\n }'],
    ['nothing', ''],
  ])('is not there for %s', (_, text) => {
    expect(hoisted(text)).toBeNull()
  })

  test.each([
    ['"\\u0041\\n\\"\\u{1F600}"', 'A\n"😀'],
    ['"\\uD83D\\uDE00"', '😀'],
    ['"😀é"', '😀é'],
    ['""', ''],
    ['""""""', ''],
    ['"""\n    one\n      two \\""" \n  """', 'one\n  two """ '],
  ])('holds what %s means', (literal, value) => {
    expect(hoisted(`{ f(a: ${literal} b: 1) }`)?.literals).toEqual([value, '1'])
  })
})

describe('documents of one shape', () => {
  test('are one operation, whatever stands in them', async () => {
    const { made, ask } = engine()
    for (let value = 0; value < 20; value += 1) {
      const text = `{ self { int(v: ${value}) } string(v: "s${value}") ids(v: ${value}) }`
      expect(await ask(text)).toEqual(await plain(text, {}))
    }
    expect(made).toHaveLength(1)
  })

  test('that come at the same instant as well', async () => {
    const { made, ask } = engine()
    const texts = Array.from({ length: 100 }, (_, value) => `{ int(v: ${value}) }`)
    const answers = await Promise.all(texts.map((text) => ask(text)))
    expect(answers.map(({ data }) => data)).toEqual(
      texts.map((_, value) => ({ int: `{"v":${value}}` })),
    )
    expect(made).toHaveLength(1)
  })

  test('and different in what cannot be a variable are several', async () => {
    const { made, ask } = engine()
    const ask2 = (moment: string, int: number) =>
      ask(`{ moment(v: "${moment}") int(v: ${int}) @tag(weight: ${moment.length}) }`)
    expect((await ask2('now', 1)).data).toEqual({ moment: '{"v":"now"}', int: '{"v":1}' })
    expect((await ask2('later', 2)).data).toEqual({ moment: '{"v":"later"}', int: '{"v":2}' })
    expect((await ask2('now', 3)).data).toEqual({ moment: '{"v":"now"}', int: '{"v":3}' })
    expect(made).toHaveLength(2)
  })
})

describe('a document whose literals do not fit', () => {
  const wrong = [
    '{ int(v: 2147483648) }',
    '{ int(v: -2147483649) }',
    '{ int(v: 1.0) }',
    '{ int(v: "1") }',
    '{ string(v: 1) }',
    '{ mood(v: "GOOD") }',
    '{ id(v: 1.5) }',
    '{ flag(v: 1) }',
    '{ pick(v: { id: 1, name: "x" }) }',
    '{ int(v: 1) int(v: 2) }',
    '{ nope(v: 1) }',
    '{ int(w: 1) }',
    'query ($a: Int = "1") { int(v: $a) string(v: "x") }',
  ]

  test.each(wrong)('is refused in its own words: %s', async (text) => {
    const { ask } = engine()
    const expected = await plain(text, {})
    expect(expected.errors).not.toBeEmpty()
    for (let times = 0; times < 2; times += 1) expect(await ask(text)).toEqual(expected)
  })

  test('is refused after one of the same shape was answered, and the other way round', async () => {
    const { ask, made } = engine()
    const [good, bad] = ['{ int(v: 1) }', '{ int(v: 3000000000) }']
    for (const text of [bad, good, bad, good])
      expect(await ask(text)).toEqual(await plain(text, {}))
    expect(made).toHaveLength(1)
    const fields = (one: number, other: number) => `{ int(v: ${one}) int(v: ${other}) }`
    for (const text of [fields(1, 1), fields(1, 2), fields(2, 2)])
      expect(await ask(text)).toEqual(await plain(text, {}))
  })

  test('does not hide behind a variable of the client with the same name', async () => {
    const { ask } = engine()
    const text = 'query ($_0: Int, $__1: Int) { a: int(v: $_0) b: int(v: 5) c: int(v: $__1) }'
    expect(await ask(text, { _0: 1, __1: 2, ___0: 9, ___1: 9 })).toEqual(
      await plain(text, { _0: 1, __1: 2 }),
    )
  })
})

const literal = {
  Int: fc.oneof(
    fc.integer().map(String),
    fc.constantFrom('0', '-0', '2147483647', '-2147483648', '2147483648', '99999999999999999999'),
  ),
  Float: fc.oneof(
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => String(value).replace('+', '')),
    fc.constantFrom('1e400', '-0.0', '0.1e-7', '3E+2'),
  ),
  String: fc.oneof(
    fc.string({ unit: 'grapheme' }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '""',
      '"\\u0041"',
      '"\\u{1F600}"',
      '"""a "b" \\""" c"""',
      '"""\n  x\n    y\n"""',
    ),
  ),
}
const any = fc.oneof(literal.Int, literal.Float, literal.String)
const mostly = (usual: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: any })
const listOf = (item: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.array(item, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    item,
  )
const fixed = fc.constantFrom('null', 'true', '$i', '$s', 'GOOD')

const where: fc.Arbitrary<string> = fc.letrec<{ where: string }>((tie) => ({
  where: fc
    .record(
      {
        id: mostly(fc.oneof(literal.Int, literal.String)),
        min: mostly(fc.oneof(literal.Int, literal.Float)),
        names: listOf(literal.String),
        mood: fc.constantFrom('GOOD', 'BAD', '"GOOD"'),
        since: any,
        inner: fc.oneof({ maxDepth: 2 }, fc.constant('null'), tie('where')),
      },
      { requiredKeys: [] },
    )
    .map(
      (fields) =>
        `{ ${Object.entries(fields)
          .map(([key, value]) => `${key}: ${value}`)
          .join(' ')} }`,
    ),
})).where

const argument: Readonly<Record<string, fc.Arbitrary<string>>> = {
  int: mostly(literal.Int),
  mustInt: mostly(literal.Int),
  float: mostly(fc.oneof(literal.Int, literal.Float)),
  string: mostly(literal.String),
  id: mostly(fc.oneof(literal.Int, literal.String)),
  ints: listOf(literal.Int),
  grid: listOf(listOf(literal.Float)),
  ids: listOf(fc.oneof(literal.Int, literal.String)),
  where,
  wheres: listOf(where),
  moment: any,
  pick: fc.oneof(literal.Int, literal.String).map((value) => `{ id: ${value} }`),
}

const aliases = fc.nat(20).map((dice) => (dice === 0 ? 'a' : ''))
const directives = fc.constantFrom('', '', ' @include(if: $yes)', ' @tag(weight: 3, name: "x")')
const field = fc
  .constantFrom(...Object.keys(argument))
  .chain((name) =>
    fc.tuple(aliases, fc.constant(name), argument[name] ?? fixed, fixed, directives, fc.nat(9)),
  )
  .map(([alias, name, value, other, directive, dice]) => ({
    alias,
    text: `${name}(v: ${dice === 0 ? other : value})${directive}`,
  }))
const fields = fc
  .array(field, { minLength: 1, maxLength: 4 })
  .map((all) => all.map(({ alias, text }, index) => `${alias || `f${index}`}: ${text}`).join('\n '))
const document = fc
  .tuple(fields, fields, fields, fc.boolean())
  .map(
    ([own, inner, shared, isShared]) =>
      `query Q($i: Int = 4, $s: String = "d", $yes: Boolean = true) @tag(weight: 1) {
        used: int(v: $i) also: string(v: $s) so: hello @include(if: $yes)
        ${own} self { ${inner} } ${isShared ? '...Shared' : ''}
      } ${isShared ? `fragment Shared on Query { shared: self { ${shared} } }` : ''}`,
  )
  .map((text) => text.replace('so: hello', 'so: __typename'))

/** The same text with other whole numbers as values of arguments. */
const relit = (text: string, seed: number) =>
  text.replace(/(?<=\(v: |id: |min: )-?\d+(?=[\s)}])/g, (digits) =>
    String(((Number(digits) + seed) % 2_000_000_000) | 0),
  )

describe('over random documents', () => {
  test('an answer is the same as without taking the literals out', async () => {
    let answered = 0
    let shared = 0
    const { ask, made } = engine()
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 1, max: 1_000 }), async (text, seed) => {
        const variables = { i: 3, s: 'x' }
        for (const one of [text, relit(text, seed), relit(text, seed + 1)]) {
          const expected = await plain(one, variables)
          expect(await ask(one, variables)).toEqual(expected)
          if (expected.data) answered += 1
          if (hoisted(one)?.shape === hoisted(text)?.shape) shared += 1
        }
      }),
      { numRuns: 250, seed: 42 },
    )
    expect(answered).toBeGreaterThan(200)
    expect(shared).toBeGreaterThan(600)
    expect(made.length).toBeLessThan(answered * 0.6)
  }, 60_000)

  test('negative control: values that are read as anybody would write them give other answers', async () => {
    const text = '{ string(v: "\\u0041") }'
    const found = await engine().byText.of(text, null)
    const raw = await run(found.operation, { _0: '\\u0041' })
    expect(raw).not.toEqual(await plain(text, {}))
    expect(parse(text).definitions).toHaveLength(1)
  })
})

describe.each(engineNames)('an engine that is %s', (name) => {
  const textOf = (who: string) => `{ greet(name: ${who}) }`

  test('answers texts of one shape alike, and each with its own values', async () => {
    const { ask } = startHarness({ engine: name, limits: noLimits })
    for (const who of ['"Ada"', '"Bob"', '"""Cleo"""', '"\\u0041da"'])
      expect((await ask(textOf(who))).text).toBe(
        `{"data":{"greet":"GOOD day, ${valueFromASTUntyped(parseValue(who))}"}}`,
      )
    expect((await ask(textOf('5'))).errors?.[0]?.message).toContain('String cannot represent')
  })

  test('points into the text that was sent when a variable is wrong', async () => {
    const { post } = startHarness({ engine: name, limits: noLimits })
    const text = (who: string) =>
      `query (${' '.repeat(who.length)}$name: String!) { a: greet(name: ${who}) b: greet(name: $name) }`
    expect((await post({ query: text('"Ada"'), variables: { name: 'x' } })).status).toBe(200)
    const { text: answer } = await post({ query: text('"Somebody else"'), variables: {} })
    const told = JSON.parse(answer)
    expect(told.errors[0].message).toBe(
      'Variable "$name" of required type "String!" was not provided.',
    )
    expect(told.errors[0].locations).toEqual([{ line: 1, column: 23 }])
  })
})
