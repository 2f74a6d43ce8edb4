import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { buildSchema, parse } from 'graphql'
import { registryFrom } from '../registry.ts'
import { dataSchemaOf } from './data.ts'
import { variablesSchemaOf } from './variables.ts'

const schema = buildSchema(`
  scalar DateTime
  scalar Odd
  enum Size { SMALL LARGE }
  input Within { "How many." count: Int! = 1 again: [Within!] size: Size }
  input One @oneOf { id: ID name: String }
  interface UserError { code: String! }
  type Taken implements UserError { code: String! }
  union Changed = Cat | Taken
  interface Named { name: String! }
  type Cat implements Named { name: String! lives: Int! }
  type Dog implements Named { name: String! barks: Boolean }
  type Fish implements Named { name: String! }
  union Pet = Cat | Dog | Fish
  type Query {
    pet(id: ID!): Pet
    named: [Named!]!
    "When it began."
    since: DateTime
    size: Size
    odd: Odd!
    changed: Changed!
  }
  type Mutation { change(input: Within!, one: One): Boolean }
`)
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false })
const takes = (of: object, value: unknown) => ajv.compile(of)(value)
const data = (text: string) => dataSchemaOf(schema, parse(text))
const variables = (text: string) => variablesSchemaOf(schema, parse(text))

describe('the schema of variables', () => {
  const change = variables(`mutation Change($input: Within!, $one: One, $size: Size = SMALL) {
    change(input: $input, one: $one) }`)

  test('has what is required, what may be null, and the defaults', () => {
    expect(change.required).toEqual(['input'])
    expect(takes(change, { input: {} })).toBe(true)
    expect(takes(change, { input: { count: 2, size: null }, size: 'LARGE' })).toBe(true)
    expect(change.properties.size).toEqual({
      type: ['string', 'null'],
      enum: ['SMALL', 'LARGE', null],
      default: 'SMALL',
    })
  })

  test.each([
    [{}],
    [{ input: null }],
    [{ input: { count: '2' } }],
    [{ input: { count: null } }],
    [{ input: { size: 'HUGE' } }],
    [{ input: {}, other: 1 }],
    [{ input: { other: 1 } }],
    [{ input: {}, one: {} }],
    [{ input: {}, one: { id: '1', name: 'two' } }],
  ])('does not take %j', (value) => {
    expect(takes(change, value)).toBe(false)
  })

  test('tells of an input that has itself once', () => {
    expect(takes(change, { input: { again: [{ count: 1 }, { again: [] }] } })).toBe(true)
    expect(JSON.stringify(change).length).toBeLessThan(2_000)
  })

  test('has the words of the graph and of the document, without what no eye sees', () => {
    const { properties } = variables(`query Pet("Whose \u202e\u{e0041}pet." $id: ID!) {
      pet(id: $id) { __typename } }`)
    expect(properties.id).toEqual({ type: 'string', description: 'Whose pet.' })
    expect(JSON.stringify(change)).toContain('"description":"How many."')
  })
})

describe('the schema of data', () => {
  const pet = data(`query Pet($id: ID!, $all: Boolean!) {
    pet(id: $id) { __typename ...Name ... on Cat { lives } ... on Dog { noise: barks @include(if: $all) } }
  } fragment Name on Named { name }`)

  test('takes each member of a union in its own shape', () => {
    for (const value of [
      null,
      { __typename: 'Cat', name: 'Tom', lives: 9 },
      { __typename: 'Dog', name: 'Rex', noise: null },
      { __typename: 'Dog', name: 'Rex' },
      { __typename: 'Fish', name: 'Nemo' },
    ])
      expect(takes(pet, { pet: value })).toBe(true)
  })

  test('takes no other shape', () => {
    for (const value of [
      { __typename: 'Cat', name: 'Tom' },
      { __typename: 'Fish', name: 'Nemo', lives: 1 },
      { __typename: 'Bird', name: 'Io' },
      { __typename: 'Fish' },
      'Tom',
    ])
      expect(takes(pet, { pet: value })).toBe(false)
    expect(takes(pet, {})).toBe(false)
  })

  test('tells types of one shape apart by their names alone', () => {
    const { properties } = data('{ named { __typename name } }')
    expect(properties.named).toEqual({
      type: 'array',
      items: {
        ...{ type: 'object', required: ['__typename', 'name'], additionalProperties: false },
        properties: {
          __typename: { type: 'string', enum: ['Cat', 'Dog', 'Fish'] },
          name: { type: 'string' },
        },
      },
    })
  })

  test('leaves out why a root field was refused, where that is said in another way', () => {
    const asked = parse('{ changed { __typename ... on Cat { lives } ... on UserError { code } } }')
    const taken = { changed: { __typename: 'Taken', code: 'TAKEN' } }
    const changed = { changed: { __typename: 'Cat', lives: 9 } }
    expect(takes(dataSchemaOf(schema, asked), taken)).toBe(true)
    const alone = dataSchemaOf(schema, asked, { refusals: false })
    expect([takes(alone, taken), takes(alone, changed)]).toEqual([false, true])
  })

  test('knows scalars by how they are written, and others as any JSON', () => {
    expect(data('{ since size odd }').properties).toEqual({
      since: { type: ['string', 'null'], format: 'date-time', description: 'When it began.' },
      size: { type: ['string', 'null'], enum: ['SMALL', 'LARGE', null] },
      odd: {},
    })
  })
})

test('every operation that we register has both', () => {
  const read = (file: string) =>
    readFileSync(join(import.meta.dir, '../../../schema', file), 'utf8')
  const graph = buildSchema(read('api.graphql'))
  for (const { document, client } of registryFrom(read('operations.json')).all()) {
    const parsed = parse(document, { noLocation: true })
    const both = [variablesSchemaOf(graph, parsed), dataSchemaOf(graph, parsed)]
    // The pages' are many and large, and of the same making.
    if (client === 'partner') for (const one of both) ajv.compile(one)
  }
})
