import { afterEach, expect, test } from 'bun:test'
import { createCompiledEngine } from '../../engine/compiled.ts'
import { variantOf } from '../../engine/engine.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { type Exchange, exchangeOf } from '../../exchange.ts'
import { link } from '../federation/harness/link.ts'
import { supergraphOf } from '../federation/harness/world.ts'

const items = `${link}
  type Query { item(id: ID!): Item }
  type Item @key(fields: "id") { id: ID!, name: String }
`
const sizes = `${link}
  type Item @key(fields: "id") { id: ID!, size(unit: Int): String, weight: Int }
`
const supergraph = supergraphFrom(
  supergraphOf({ items: { sdl: items, resolvers: {} }, sizes: { sdl: sizes, resolvers: {} } }),
)

type Body = { query: string; variables: { id?: string; unit?: number; representations: [] } }

/** Answers in turns of its own, so that runs get in each other's way if they can. */
function engineOf(before: (name: string, exchange: Exchange) => void = () => {}) {
  const asked: string[] = []
  const transportTo =
    (name: string, answer: (body: Body) => object): Transport =>
    async ({ body }, exchange) => {
      asked.push(name)
      await Promise.resolve()
      before(name, exchange)
      exchange.signal.throwIfAborted()
      return JSON.stringify({ data: answer(JSON.parse(body)) })
    }
  const transports = new Map([
    ['items', transportTo('items', ({ variables: { id } }) => ({ _0: { id, name: `n${id}` } }))],
    [
      'sizes',
      transportTo('sizes', ({ query, variables: { representations, unit } }) => ({
        _entities: representations.map(({ id }) => ({
          [/_\d+(?=:size)/.exec(query)?.[0] ?? 'size']: `${id} in ${unit}`,
        })),
      })),
    ],
  ])
  return { asked, engine: createCompiledEngine({ supergraph, rules: new Map(), transports }) }
}

const exchangeFor = (signal: AbortSignal) =>
  exchangeOf(
    new Request('http://gateway.local/graphql'),
    { requestId: 'request-1', clientAddress: '192.0.2.7' },
    signal,
  )

const operation = `query ($id: ID!, $unit: Int, $bare: Boolean!) {
  item(id: $id) { name size(unit: $unit) @skip(if: $bare) }
}`
const prepared = (from: ReturnType<typeof engineOf>) =>
  from.engine.prepare(operation, null, variantOf(null))

const never = new AbortController().signal

test('a hundred runs of one operation at a time each see their own variables', async () => {
  const one = await prepared(engineOf())
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, unit) =>
      one.execute({
        variables: { id: `i${unit}`, unit, bare: unit % 3 === 0 },
        exchange: exchangeFor(never),
      }),
    ),
  )
  for (const [unit, result] of results.entries()) {
    const size = unit % 3 === 0 ? {} : { size: `i${unit} in ${unit}` }
    expect(result).toEqual({ data: { item: { name: `ni${unit}`, ...size } } })
  }
})

test.each([
  ['items', { item: null }, ['item'], ['items']],
  ['sizes', { item: { name: 'n1', size: null } }, ['item', 'size'], ['items', 'sizes']],
] as const)(
  'a client who goes while %s is asked costs what is missing by then',
  async (at, data, path, asked) => {
    const gone = new AbortController()
    const one = engineOf((name) => {
      if (name === at) gone.abort(new Error('The client has gone.'))
    })
    const { execute } = await prepared(one)
    const variables = { id: '1', unit: 2, bare: false }
    const result = await execute({ variables, exchange: exchangeFor(gone.signal) })
    expect(result.data).toEqual(data)
    expect(result.errors?.map((error) => error.path)).toEqual([[...path]])
    expect(one.asked).toEqual([...asked])
  },
)

afterEach(() => {
  for (const name of ['name', 'size', '_0', '_1']) Reflect.deleteProperty(Object.prototype, name)
})

test('what somebody has put on every object before is no answer of a subgraph', async () => {
  for (const name of ['size', '_0', '_1']) Object.assign(Object.prototype, { [name]: 'theirs' })
  const { execute } = await prepared(engineOf())
  const variables = { id: '1', unit: 2, bare: false }
  const empty = createCompiledEngine({
    supergraph,
    rules: new Map(),
    transports: new Map([
      ['items', async () => '{"data":{}}'],
      ['sizes', async () => '{"data":{}}'],
    ]),
  })
  const nothing = await empty.prepare(operation, null, variantOf(null))
  const exchange = exchangeFor(never)
  expect(await execute({ variables, exchange })).toEqual({
    data: { item: { name: 'n1', size: '1 in 2' } },
  })
  expect(await nothing.execute({ variables, exchange })).toEqual({ data: { item: null } })
})
