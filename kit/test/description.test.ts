import { expect, test } from 'bun:test'
import { descriptionOf } from '../document/description.ts'

test.each([
  ['query A { a }', null],
  ['# What it is for.\nquery A { a }', 'What it is for.'],
  ['\n# One line,\n#  and\n#another.\r\nquery A { a }', 'One line,\n and\nanother.'],
  ['"""Said in GraphQL."""\nquery A { a }', 'Said in GraphQL.'],
  ['# A comment.\n"""What counts."""\nquery A { a }', 'What counts.'],
  ['query A { a } # Not before it.', null],
  ['#\nquery A { a }', null],
  ['fragment F on Q { a }\n"""Of the operation."""\nquery A { ...F }', 'Of the operation.'],
])('what %p says of itself', (text, said) => {
  expect(descriptionOf(text)).toBe(said)
})

test('text that is no GraphQL says nothing at all', () => {
  expect(() => descriptionOf('# What\nquery {')).toThrow('Syntax Error')
})
