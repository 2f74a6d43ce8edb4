import { describe, expect, test } from 'bun:test'
import { serverAudits } from 'graphql-http'
import { type Caller, explorer, startHarness } from './harness.ts'
import { lanes } from './lanes.ts'

describe.each(lanes)('by the %s lane', (lane) => {
  const graph = startHarness({ lane })

  async function auditAs(caller: Caller) {
    const audits = serverAudits({
      url: 'http://localhost:3000/graphql',
      fetchFn: (url: string, init?: RequestInit) => graph.send(new Request(url, init), caller),
    })
    const results = await Promise.all(audits.map((audit) => audit.fn()))
    return {
      count: results.length,
      failed: results
        .filter(({ status }) => status !== 'ok')
        .map(({ id, name }) => `${id} ${name}`),
    }
  }

  test('the official audit passes 61 of 61 for somebody who may introspect', async () => {
    expect(await auditAs(explorer)).toEqual({ count: 61, failed: [] })
    // What asks for nothing wrong is known; the rest of the audit is about refusals.
    expect(graph.laneCounts.fast > 0).toBe(lane === 'fast')
  })

  test('for everybody else it misses only the audits that ask for __type', async () => {
    const { failed } = await auditAs({})
    expect(failed.map((line) => line.slice(0, 4)).sort()).toEqual([
      '28B9',
      '2EA1',
      '6A70',
      'BF61',
      'D6D5',
    ])
  })
})
