import { afterEach, expect, test } from 'bun:test'
import { mergeInto } from '../../engine/merge.ts'

const polluted = 'ofSomebodyElse'

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, polluted)
})

test('an object in the place of a list does not become the length of the list', () => {
  for (const length of [-1, 3, 4_000_000_000]) {
    const known = { items: [{ id: '1' }] }
    mergeInto(known, { items: { length } })
    expect(known).toEqual({ items: [{ id: '1' }] })
  }
})

test('neither a list nor a text takes the place of an object', () => {
  const known = { item: { id: '1' } }
  mergeInto(known, { item: [{ id: '2' }] })
  mergeInto(known, { item: 'text' })
  expect(known).toEqual({ item: { id: '1' } })
})

test('lists merge item by item, and the longer one stays', () => {
  const known: { items: unknown[] } = { items: [{ a: 1 }, null] }
  mergeInto(known, { items: [{ b: 1 }, { b: 2 }, { b: 3 }] })
  expect(known).toEqual({ items: [{ a: 1, b: 1 }, { b: 2 }, { b: 3 }] })
})

test('what somebody has put on every object is nothing that a subgraph said', () => {
  Object.assign(Object.prototype, { [polluted]: 'yes' })
  const known = {}
  mergeInto(known, { id: '1' })
  expect(Object.keys(known)).toEqual(['id'])
})

test('two values that are deeper than any selection are merged without a fault', () => {
  const deep = () => JSON.parse(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`)
  const known = { value: deep() }
  expect(() => mergeInto(known, { value: deep() })).not.toThrow()
})
