import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { operationsDrift, webOperations } from '../operations.ts'

test('every operation of the web client is registered under the hash of its text', async () => {
  const operations = await webOperations()
  expect(operations.length).toBeGreaterThan(0)
  for (const { name, hash, document } of operations) {
    expect(document).toContain(name)
    expect(hash).toBe(createHash('sha256').update(document).digest('hex'))
  }
  expect(operations.map(({ name }) => name)).toEqual(operations.map(({ name }) => name).toSorted())
})

test('the committed registry is what the client sends', async () => {
  expect(await operationsDrift()).toEqual([])
})
