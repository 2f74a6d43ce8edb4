import { expect, test } from 'bun:test'
import { buildSchema } from 'graphql'
import { representationOf } from '../../engine/compile/representation.ts'
import { leafOf } from '../../engine/project/leaf.ts'

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

test('a value of a scalar of the graph’s own may be as deep as anybody writes', () => {
  const { leaf } = leafOf(buildSchema('scalar JSON').getType('JSON'))
  for (const value of [null, 1, 'text', {}, deep(400)]) expect(leaf(value)).toBe(value)
})

test('one that could not be written as JSON is none', () => {
  const { leaf } = leafOf(buildSchema('scalar JSON').getType('JSON'))
  for (const levels of [1_000, 100_000]) expect(leaf(deep(levels))).toBeUndefined()
})

test('an object whose key could not be written cannot be told to a subgraph', () => {
  const need = { kind: 'field', name: 'id', key: 'id', isKey: true, sub: null, abstract: null }
  const { represent } = representationOf('Item', [{ ...need, kind: 'field' }])
  expect(represent({ id: 1 })).toBe('{"__typename":"Item","id":1}')
  expect(represent({ id: deep(100_000) })).toBeNull()
})
