import { expect, test } from 'bun:test'
import { createCompiledEngine } from '../../engine/compiled.ts'
import { variantOf } from '../../engine/engine.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { exchangeOf } from '../../exchange.ts'
import { link } from '../federation/harness/link.ts'
import { supergraphOf } from '../federation/harness/world.ts'

const items = `${link} type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! }`
const sizes = `${link} type Item @key(fields: "id") { id: ID!, size: Int }`
const supergraph = supergraphFrom(
  supergraphOf({ items: { sdl: items, resolvers: {} }, sizes: { sdl: sizes, resolvers: {} } }),
)

const ids = Array.from({ length: 100 }, (_, id) => ({ id: `${id}` }))

async function resultWith(errors: readonly object[]) {
  const transports = new Map<string, Transport>([
    ['items', async () => JSON.stringify({ data: { items: ids } })],
    ['sizes', async () => JSON.stringify({ data: null, errors })],
  ])
  const engine = createCompiledEngine({ supergraph, rules: new Map(), transports })
  const prepared = await engine.prepare('{ items { size } }', null, variantOf(null))
  const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
  const request = new Request('http://gateway.local/graphql')
  const exchange = exchangeOf(request, info, new AbortController().signal)
  return prepared.execute({ variables: {}, exchange })
}

const faults = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ message: `Fault ${index}.` }))

test('a few errors without a place are told wherever something is missing', async () => {
  const { errors = [] } = await resultWith(faults(2))
  expect(errors).toHaveLength(200)
  expect(errors.every(({ path }) => path?.length === 3)).toBe(true)
})

test('many of them are not told of each object', async () => {
  const { errors = [] } = await resultWith(faults(2_000))
  expect(errors.filter(({ path }) => path).length).toBe(1_000)
  expect(errors.filter(({ path }) => !path).length).toBe(1_990)
})

test('errors without end are cut off', async () => {
  const { errors = [] } = await resultWith(faults(100_000))
  expect(errors.length).toBeLessThan(20_000)
})
