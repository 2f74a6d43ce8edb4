import { describe, expect, test } from 'bun:test'
import { type DocumentNode, GraphQLError, parse, validate } from 'graphql'
import {
  admittedDocument,
  explorerLimits,
  type Limits,
  outsiderLimits,
  requireWithin,
} from '#kit/document/limits'
import { AppError } from '#kit/errors'
import { schemaOf } from '../engine/self-test/placeholder.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { counted, TooMuchWork } from './counted-work.ts'
import { fakeSupergraph } from './fake-subgraphs.ts'
import { explorer, noLimits, startHarness } from './harness.ts'
import { type HostileDocument, hostileDocuments } from './hostile-documents.ts'

const schema = schemaOf(supergraphFrom(fakeSupergraph).document)
const documents = hostileDocuments(1_000, 20_261_121)

const valid = (document: DocumentNode) =>
  validate(schema, document, undefined, { maxErrors: 10 }).length === 0

/** How often the document is read until it is refused, or found valid. */
function workOf(text: string, limits: Limits, readsMax: number): number {
  const tree = parse(text, { maxTokens: limits.tokens, noLocation: true })
  const { value, reads } = counted(tree, readsMax)
  try {
    requireWithin(value, limits)
    valid(value)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
  return reads()
}

/** Those that are read at all: the others are refused while they are split into words. */
const read = (limits: Limits) =>
  documents.filter(({ text }) => text.length <= limits.characters && parses(text, limits))

function parses(text: string, { tokens }: Limits): boolean {
  try {
    parse(text, { maxTokens: tokens })
    return true
  } catch {
    return false
  }
}

test('the hostile documents are a thousand, each family in many sizes', () => {
  expect(documents).toHaveLength(1_000)
  expect(new Set(documents.map(({ text }) => text)).size).toBeGreaterThan(850)
  expect(new Set(documents.map(({ family }) => family)).size).toBeGreaterThan(50)
})

describe.each([
  ['outsiders', outsiderLimits, 300_000],
  ['explorers', explorerLimits, 900_000],
] as const)('under the limits for %s', (_, limits, readsMax) => {
  test(`no hostile document is read more than ${readsMax} times`, () => {
    const works = read(limits).map(({ text, family }) => ({
      family,
      work: workOf(text, limits, readsMax * 100),
    }))
    expect(works.length).toBeGreaterThan(300)
    expect(works.filter(({ work }) => work > readsMax)).toEqual([])
  })

  test('what is refused is refused with a code of ours, never by a stack that ran out', () => {
    for (const { text } of documents) {
      try {
        admittedDocument(text, limits)
      } catch (error) {
        expect(error instanceof AppError || error instanceof GraphQLError).toBe(true)
      }
    }
  })
})

test('without the limits, one document of each trap is read millions of times', () => {
  const traps = [
    'one field again and again',
    'a fragment of copies that nobody uses',
    'one field with arguments',
    'many fragments side by side',
  ]
  const largest = (family: string) =>
    documents
      .filter((one: HostileDocument) => one.family === family)
      .reduce((one, other) => (one.text.length > other.text.length ? one : other))
  for (const family of traps) {
    const { value } = counted(parse(largest(family).text, { noLocation: true }), 5_000_000)
    expect(() => valid(value)).toThrow(TooMuchWork)
  }
})

describe('what one limit alone catches', () => {
  const graph = startHarness()
  const unprotected = startHarness({ limits: noLimits })
  const many = (count: number, piece: string) =>
    Array.from({ length: count }, () => piece).join(' ')

  test.each([
    ['fields of one name', `{ ${many(150, 'hello')} }`],
    ['copies in copies', `{ people { ${many(15, `friends { ${many(15, 'name')} }`)} } }`],
    ['braces around one field', `{ ${many(60, '... {')} hello ${many(60, '}')} }`],
  ])('%s', async (_, query) => {
    const { status, errors } = await graph.ask(query)
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'DOCUMENT_TOO_COMPLEX'])
    expect(graph.asked).toEqual([])
    expect((await unprotected.ask(query)).errors).toBeUndefined()
  })

  test('lists inside lists, in a value and in a type', async () => {
    const lists = `${'['.repeat(15)}1${']'.repeat(15)}`
    const types = `${'['.repeat(15)}Int${']'.repeat(15)}`
    for (const query of [`{ greet(name: ${lists}) }`, `query ($a: ${types}) { hello }`]) {
      const { errors } = await graph.ask(query)
      expect(errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX')
      const told = await unprotected.ask(query, explorer)
      expect(told.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    }
  })
})
