import { expect, test } from 'bun:test'
import { listedHazards } from './harness/inventory.ts'

test('there are sixty hazards and three hundred operations, and half of them guard a line', async () => {
  const hazards = await listedHazards()
  const operations = hazards.reduce((sum, { operations }) => sum + operations, 0)
  expect(hazards.length).toBeGreaterThanOrEqual(60)
  expect(operations).toBeGreaterThanOrEqual(300)
  expect(new Set(hazards.map(({ name }) => name)).size).toBe(hazards.length)
})
