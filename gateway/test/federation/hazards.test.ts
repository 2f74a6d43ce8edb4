import { expect, test } from 'bun:test'
import { listedHazards } from './harness/inventory.ts'

test('there are sixty hazards, three hundred operations and thirty lines that are guarded', async () => {
  const hazards = await listedHazards()
  const operations = hazards.reduce((sum, { operations }) => sum + operations, 0)
  const lines = new Set(
    hazards.flatMap(({ guards }) => (guards ? [guards.file + guards.line] : [])),
  )
  expect(hazards.length).toBeGreaterThanOrEqual(60)
  expect(operations).toBeGreaterThanOrEqual(300)
  expect(lines.size).toBeGreaterThanOrEqual(30)
  expect(new Set(hazards.map(({ name }) => name)).size).toBe(hazards.length)
})
