import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { buildSchema, parse } from 'graphql'
import { operationOf } from '../operations/operation.ts'
import { scopeFaults } from '../operations/partners.ts'
import { operationsDrift, registeredOperations } from '../operations.ts'

const textOf = (file: string) => Bun.file(join(import.meta.dir, '../../schema', file)).text()

test.each(['web', 'partner'] as const)(
  'every operation of a %s client is registered under the hash of its text',
  async (client) => {
    const operations = (await registeredOperations()).filter((one) => one.client === client)
    expect(operations.length).toBeGreaterThan(0)
    for (const { name, hash, document } of operations) {
      expect(document).toContain(name)
      expect(hash).toBe(createHash('sha256').update(document).digest('hex'))
    }
    const names = operations.map(({ name }) => name)
    expect(names).toEqual(names.toSorted())
  },
)

test('the committed registry is what the documents say', async () => {
  expect(await operationsDrift()).toEqual([])
})

test.each([
  ['users', '{ users { totalCount } }', 1],
  ['the e-mail of people in bookings', '{ bookings { edges { node { client { email } } } } }', 1],
  ['bookings', '{ bookings { edges { node { id } } } }', 0],
])('a partner’s operation that asks for %s', async (_, selection, faults) => {
  const operation = operationOf(parse(`query Asked ${selection}`), 'partner')
  const schema = buildSchema(await textOf('api.graphql'))
  const supergraph = await textOf('supergraph.graphql')
  expect(scopeFaults(operation ? [operation] : [], { schema, supergraph })).toHaveLength(faults)
})
