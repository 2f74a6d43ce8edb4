import { expect, test } from 'bun:test'
import { buildSchema } from 'graphql'
import { fieldUsesOf, isWanted, type OperationUse } from './fields.ts'

const schema = buildSchema(`
  type Query { coach: Coach }
  type Coach { slug: String, motto: String @deprecated(reason: "Removed after 2027-01-31.") }
`)

const use = (name: string, fields: string, rest: Partial<OperationUse> = {}): OperationUse => ({
  ...{ operationId: name, name, document: `query ${name} { coach { ${fields} } }` },
  ...{ caller: 'web', callerName: null, calls: 2, lastAt: new Date('2026-11-01') },
  ...rest,
})

const uses = [
  use('Card', 'slug'),
  use('Card', 'slug', {
    caller: 'acme',
    callerName: 'Acme',
    calls: 5,
    lastAt: new Date('2026-11-03'),
  }),
  use('Page', 'slug'),
  use('Old', 'motto', { caller: null, calls: 0, lastAt: null }),
]
const [motto, slug, coach] = fieldUsesOf(schema, uses)

test('a field has the calls of all operations that name it, by caller, and their names', () => {
  expect(slug).toEqual({
    ...{ coordinate: 'Coach.slug', deprecation: null, calls: 9, operations: ['Card', 'Page'] },
    clients: [
      { client: 'acme', clientName: 'Acme', calls: 5, lastAt: new Date('2026-11-03') },
      { client: 'web', clientName: 'web', calls: 4, lastAt: new Date('2026-11-01') },
    ],
  })
  expect(coach).toMatchObject({ coordinate: 'Query.coach', calls: 9 })
})

test('an operation that nobody calls is named all the same, without a client', () => {
  expect(motto).toMatchObject({ calls: 0, clients: [], operations: ['Old'] })
  expect(motto?.deprecation).toContain('2027-01-31')
})

test('a filter leaves what it says', () => {
  const left = (filter: Parameters<typeof isWanted>[0]) =>
    fieldUsesOf(schema, uses)
      .filter(isWanted(filter))
      .map(({ coordinate }) => coordinate)
  expect(left({ deprecated: true })).toEqual(['Coach.motto'])
  expect(left({ used: true, search: ' COACH.' })).toEqual(['Coach.slug'])
  expect(left({})).toHaveLength(3)
})
