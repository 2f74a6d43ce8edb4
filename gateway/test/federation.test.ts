import { afterAll, describe, expect, test } from 'bun:test'
import { startHarness, ways } from './harness.ts'

describe.each(ways)('over the %s transport', (way) => {
  const graph = startHarness({ way })
  afterAll(graph.stop)

  test('an operation joins two subgraphs', async () => {
    const { status, data, errors } = await graph.ask(
      '{ hello people { name miles nextTrip { city } } }',
    )
    expect(errors).toBeUndefined()
    expect(status).toBe(200)
    expect(data).toEqual({})
    console.log(graph.asked.map((a) => [a.subgraph, a.query, a.variables]))
  })
})
