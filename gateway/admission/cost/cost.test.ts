import { describe, expect, test } from 'bun:test'
import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { numberOf } from '#kit/cost/amount'
import { costPlanOf } from '#kit/cost/plan'
import { weightsOf } from '#kit/cost/weights'
import { operationIn } from '#kit/document/operation'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { actualCostOf } from './actual.ts'

const shop = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [{ name: "@cost", as: "@price" }, "@key"]
)
type Query {
  name: String
  score: Int @price(weight: 4)
  mood: Mood
  moods: [Mood!]
  picture: Picture
  pictures: [Picture!]
  shop: Shop
  dear: Shop @price(weight: 9)
  vault: Vault
  products(first: Int): [Product!]
    @federation__listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  few: [Product!] @federation__listSize(assumedSize: 3)
  some: [Product!]
  grid: [[Product!]!]
  page(first: Int = 20, last: Int): Page
    @federation__listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
  strict(first: Int, last: Int): [Product]
    @federation__listSize(slicingArguments: ["first", "last"], assumedSize: 7)
  byIds(ids: [ID!]!): [Product]
  search(input: Search): [Product]
  find(text: String @price(weight: 5), mood: Mood): Product
  node: Node
  nodes: [Node!]
  any: Any
}
type Mutation { buy(input: Purchase!): Product, plain: Int }
enum Mood @price(weight: 2) { GOOD BAD }
scalar Picture @price(weight: 6)
type Shop { name: String, product: Product, shop: Shop }
type Vault @price(weight: 50) { gold: Int }
type Page { edges: [Edge!], nodes: [Product!], tags: [Tag!], total: Int }
type Edge { node: Product }
type Tag { name: String }
interface Node { id: ID, owner: Shop }
type Product implements Node @key(fields: "id") { id: ID, owner: Shop, name: String, rating: Int @price(weight: 3) }
type Safe implements Node @price(weight: 30) { id: ID, owner: Shop, key: String @price(weight: 11) }
union Any = Product | Safe
input Search { page: Paging, mood: Mood }
input Paging { first: Int }
input Purchase { product: ID, note: String @price(weight: 8), gifts: [Gift!] }
input Gift { mood: Mood }
`

function supergraphOf(sdl: string) {
  const typeDefs = parse(sdl)
  const { supergraphSdl = '', errors } = composeServices([
    { name: 'shop', typeDefs, url: 'http://shop' },
  ])
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

/** What IBM's specification knows, and composition refuses: slices that are lists, or in inputs. */
const alsoSliced: readonly (readonly [string, string])[] = [
  ['byIds(ids: [ID!]!): [Product]', 'ids'],
  ['search(input: Search): [Product]', 'input.page.first'],
]

const supergraph = alsoSliced.reduce(
  (sdl, [field, by]) =>
    sdl.replace(
      field,
      `${field} @federation__listSize(slicingArguments: ["${by}"], requireOneSlicingArgument: false)`,
    ),
  supergraphOf(shop),
)
const weights = weightsOf(supergraphFrom(supergraph).document)

function planOf(text: string, of = weights) {
  const document = parse(text)
  return costPlanOf(of, { document, operation: operationIn(document, null) }, 10)
}

const estimated = (text: string, variables: Record<string, unknown> = {}) =>
  numberOf(planOf(text).estimate, variables)

describe('the estimate', () => {
  test.each([
    ['text and numbers cost nothing', '{ name }', 0],
    ['a weight on a field', '{ score a: score }', 8],
    ['a weight on an enum', '{ mood }', 2],
    ['a list of enums, of the usual length', '{ moods }', 20],
    ['a weight on a scalar', '{ picture }', 6],
    ['a list of scalars', '{ pictures }', 60],
    ['an object', '{ shop { name } }', 1],
    ['objects in objects', '{ shop { product { name } shop { name } } }', 3],
    ['a weight on a field instead of its object', '{ dear { name product { id } } }', 10],
    ['a weight on a type', '{ vault { gold } }', 50],
    ['a list by the argument that slices it', '{ products(first: 5) { name } }', 5],
    ['what is below a list, as often', '{ products(first: 5) { rating owner { name } } }', 25],
    ['no slice at all, so the usual length', '{ products { name } }', 10],
    ['an assumed size', '{ few { name } }', 3],
    ['a list that nothing is said of', '{ some { name } }', 10],
    ['a list of lists', '{ grid { name } }', 100],
    ['the sized lists inside an object', '{ page(first: 3) { edges { node { name } } } }', 7],
    ['a default that slices', '{ page { nodes { name } } }', 21],
    ['other lists inside that object', '{ page(first: 3) { tags { name } } }', 11],
    ['a sized list by another name', '{ page(first: 3) { e: edges { node { id } } } }', 7],
    [
      'a sized list through a fragment',
      '{ page(first: 3) { ...P } } fragment P on Page { nodes { id } }',
      4,
    ],
    ['a list as long as what slices it', '{ byIds(ids: ["a", "b"]) { name } }', 2],
    [
      'a slice inside an input, with its objects',
      '{ search(input: { page: { first: 4 } }) { id } }',
      6,
    ],
    ['a size below nothing, which may mean all', '{ products(first: -5) { name } }', 10],
    ['nothing of a list', '{ products(first: 0) { name } }', 0],
    ['a weight on an argument', '{ find(text: "x") { name } }', 6],
    ['an argument that is not given', '{ find { name } }', 1],
    ['null as an argument', '{ find(text: null) { name } }', 1],
    ['an enum as an argument', '{ find(mood: GOOD) { name } }', 3],
    ['a mutation', 'mutation { plain }', 10],
    [
      'an input, its weights and its list',
      'mutation { buy(input: { note: "x", gifts: [{ mood: GOOD }, { mood: BAD }] }) { id } }',
      10 + 1 + 1 + 8 + 3 + 3,
    ],
    ['an interface, as its dearest type', '{ node { id } }', 30],
    [
      'conditions on types, of which one holds',
      '{ node { ... on Product { rating owner { name } } ... on Safe { key } } }',
      41,
    ],
    ['a union', '{ any { ... on Product { name } } }', 30],
    ['a list of an interface', '{ nodes { owner { name } } }', 310],
    ['a fragment on the interface itself', '{ node { ... on Node { owner { name } } } }', 31],
    ['a field twice', '{ shop { product { id } } shop { product { name } } }', 2],
    ['a fragment twice', '{ shop { ...S ...S } } fragment S on Shop { product { id } }', 2],
    ['what is skipped', '{ score @skip(if: true) a: score @include(if: false) }', 0],
    ['what is included', '{ score @skip(if: false) a: score @include(if: true) }', 8],
    ['a type name', '{ __typename shop { __typename } }', 1],
    ['fields that nobody knows', '{ nothing { of } shop { this } }', 1],
  ])('counts %s', (_, text, cost) => {
    expect(estimated(text)).toBe(cost)
  })

  test.each([
    ['a slice', 'query ($n: Int) { products(first: $n) { id } }', { n: 7 }, 7],
    ['a slice that is not given', 'query ($n: Int) { products(first: $n) { id } }', {}, 10],
    ['a slice of null', 'query ($n: Int = 2) { products(first: $n) { id } }', { n: null }, 10],
    ['a slice with a default', 'query ($n: Int = 2) { products(first: $n) { id } }', {}, 2],
    ['a default of the field', 'query ($n: Int) { page(first: $n) { nodes { id } } }', {}, 21],
    ['a slice of the wrong type', 'query ($n: Int) { products(first: $n) { id } }', { n: 'x' }, 10],
    [
      'a list that slices',
      'query ($ids: [ID!]!) { byIds(ids: $ids) { id } }',
      { ids: ['a', 'b', 'c'] },
      3,
    ],
    [
      'an input that slices',
      'query ($i: Search) { search(input: $i) { id } }',
      { i: { page: { first: 2 } } },
      4,
    ],
    [
      'part of an input',
      'query ($n: Int) { search(input: { page: { first: $n } }) { id } }',
      { n: 3 },
      5,
    ],
    [
      'an input',
      'mutation ($i: Purchase!) { buy(input: $i) { id } }',
      { i: { gifts: [{}, { mood: 'BAD' }] } },
      10 + 1 + 1 + 1 + 3,
    ],
    ['a slice below nothing', 'query ($n: Int) { products(first: $n) { id } }', { n: -1 }, 10],
    [
      'a slice beyond all numbers that is skipped',
      'query ($n: Int, $b: Boolean!) { products(first: $n) @skip(if: $b) { owner { name } } score }',
      { n: 1e308, b: true },
      4,
    ],
    ['@include', 'query ($b: Boolean!) { score @include(if: $b) }', { b: true }, 4],
    ['@include, not', 'query ($b: Boolean!) { score @include(if: $b) }', { b: false }, 0],
    [
      '@skip around a fragment',
      'query ($b: Boolean = true) { ... @skip(if: $b) { score } }',
      {},
      0,
    ],
    [
      'one of two places',
      'query ($b: Boolean!) { score @include(if: $b) ... @skip(if: $b) { score } }',
      { b: true },
      4,
    ],
    [
      'the name of something in every object',
      'query ($constructor: Int) { products(first: $constructor) { id } }',
      {},
      10,
    ],
  ])('depends on variables: %s', (_, text, variables, cost) => {
    expect(estimated(text, variables)).toBe(cost)
  })

  test('is a number that sums can be made of, however long the lists', () => {
    const lists = ['a', 'b', 'c'].map(
      (alias) => `${alias}: page(first: $n) { nodes { rating owner { name } } }`,
    )
    const text = `query ($n: Int) { ${lists.join(' ')} score }`
    for (const n of [2_147_483_647, 1e20, 1e308])
      expect(estimated(text, { n })).toBe(3 * (1 + 2_147_483_647 * 5) + 4)
  })

  test('is a number at once where no variable decides', () => {
    expect(planOf('{ page(first: 3) { edges { node { rating } } } }').estimate).toBe(16)
  })

  test.each([
    ['{ strict { id } }', ['Query.strict: give exactly one of first, last']],
    ['{ strict(first: 1, last: 2) { id } }', ['Query.strict: give exactly one of first, last']],
    ['{ strict(first: null) { id } }', ['Query.strict: give exactly one of first, last']],
    ['query ($n: Int) { strict(last: $n) { id } }', []],
    ['{ page { total } }', []],
    ['{ page(last: 2) { total } }', []],
    ['{ products { id } }', []],
  ])('one slicing argument where one is required: %s', (text, faults) => {
    expect(planOf(text).faults).toEqual(faults)
  })

  test('counts the dearest of hundreds of types, and too many questions about them as too dear', () => {
    const types = Array.from(
      { length: 400 },
      (_, i) => `type T${i} implements N @cost(weight: ${i % 7}) { id: ID, n: N, own${i}: N }`,
    )
    const large = weightsOf(
      parse(`type Query { n: N } interface N { id: ID, n: N } ${types.join(' ')}`),
    )
    const cost = (text: string) => numberOf(planOf(text, large).estimate, {})
    const narrowed = (count: number) =>
      Array.from({ length: count }, (_, i) => `... on T${i} { own${i} { id n { id } } }`).join(' ')
    expect(cost('{ n { n { n { id } } } }')).toBe(18)
    expect(cost(`{ n { ${narrowed(20)} } }`)).toBe(18)
    // Who used all questions up on what is cheap would get the rest for nothing.
    expect(cost(`{ n { ${narrowed(200)} } }`)).toBe(Number.POSITIVE_INFINITY)
  })

  test('of fragments that double thirty times is there at once', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, i) =>
        `fragment F${i} on Shop { ...F${i + 1} @include(if: $a) ...F${i + 1} @skip(if: $a) }`,
    ).join(' ')
    const text = `query ($a: Boolean!) { shop { ...F0 } } ${fragments} fragment F30 on Shop { product { id } }`
    expect(estimated(text, { a: true })).toBe(2)
  })
})

describe('the names of the directives', () => {
  const renamed = (from: string, to: string) => supergraph.replaceAll(from, to)

  test.each([
    ['as composition links them', supergraph],
    [
      'without any link',
      renamed('@price', '@cost')
        .replaceAll('@federation__listSize', '@listSize')
        .replace(/@link\([^)]*cost[^)]*\)/s, ''),
    ],
    [
      'with the prefix of their feature',
      renamed('@price', '@cost')
        .replaceAll('@federation__listSize', '@cost__listSize')
        .replace(/import: \[\{name: "@cost"[^\]]*\]/, ''),
    ],
  ])('%s', (_, sdl) => {
    const of = weightsOf(supergraphFrom(sdl).document)
    expect(planOf('{ score few { id } }', of).estimate).toBe(7)
  })

  test('a weight is a number, also one that is written as a text', () => {
    const weigh = (weight: string) =>
      weightsOf(parse(`type Query { a: Int @cost(weight: ${weight}) }`))
    expect(planOf('{ a }', weigh('"2.5"')).estimate).toBe(2.5)
    expect(() => weigh('"dear"')).toThrow('must be a number')
  })
})

describe('the actual cost', () => {
  const actual = (text: string, data: unknown, variables: Record<string, unknown> = {}) =>
    actualCostOf(planOf(text), data, variables)

  test.each([
    [
      'counts lists as they are',
      '{ products(first: 50) { rating } }',
      { products: [{ rating: 1 }, { rating: 2 }] },
      8,
    ],
    [
      'counts no field that is null',
      '{ shop { product { rating } } }',
      { shop: { product: null } },
      1,
    ],
    ['counts no item that is null', '{ few { name } }', { few: [{ name: 'a' }, null] }, 1],
    ['counts nothing for no data', '{ shop { name } }', null, 0],
    ['counts each enum of a list', '{ moods }', { moods: ['GOOD', 'BAD', 'BAD'] }, 6],
    ['counts lists of lists', '{ grid { name } }', { grid: [[{}, {}], [{}]] }, 3],
    ['counts arguments once', '{ find(text: "x") { name } }', { find: null }, 5],
    [
      'knows an object by its type name',
      '{ node { __typename id } }',
      { node: { __typename: 'Product', id: '1' } },
      1,
    ],
    ['takes one without a name for the dearest', '{ node { id } }', { node: { id: '1' } }, 30],
    ['goes by response names', '{ a: shop { b: product { id } } }', { a: { b: { id: '1' } } }, 2],
    ['does not look into what every object has', '{ constructor: shop { name } }', {}, 0],
  ])('%s', (_, text, data, cost) => {
    expect(actual(text, data)).toBe(cost)
  })
})
