import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestSystem, testSystem } from '../testing/system.ts'

let system: TestSystem

beforeAll(async () => {
  system = await testSystem()
}, 60_000)
afterAll(() => system?.stop())

/** The samples of one metric in the scrape, by their labels. */
async function samples(metric: string): Promise<Map<string, number>> {
  const scrape = await fetch(`http://127.0.0.1:${system.ports.metrics}/metrics`)
  const found = (await scrape.text()).matchAll(new RegExp(`^${metric}\\{([^}]*)\\} (\\S+)$`, 'gm'))
  return new Map([...found].map(([, labels = '', value]) => [labels, Number(value)]))
}

const sum = (values: Map<string, number>) => [...values.values()].reduce((a, b) => a + b, 0)

test('[MP-68] the metrics tell what people do, and what their data takes', async () => {
  const before = await samples('sign_in_attempts_total')
  await system.admin()
  expect(sum(await samples('sign_in_attempts_total'))).toBe(sum(before) + 1)

  const person = await system.person('Alice Bernard')
  await person.ask('{ viewer { id } }')
  expect(sum(await samples('graphql_operation_duration_seconds_count'))).toBeGreaterThan(0)

  const storage = await samples('storage_bytes')
  for (const service of ['users', 'bookings', 'billing', 'auth']) {
    expect(storage.get(`service="${service}"`)).toBeGreaterThan(100_000)
  }
}, 60_000)
