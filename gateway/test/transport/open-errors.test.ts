import { describe, expect, test } from 'bun:test'
import { createLog } from '#kit/log'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { createCompiledEngine } from '../../engine/compiled.ts'
import { variantOf } from '../../engine/engine.ts'
import { createStitchedEngine } from '../../engine/stitched/index.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import type { ErrorPolicy } from '../../engine/transport/answer.ts'
import { forwarding } from '../../engine/transport/credentials.ts'
import { transportTo } from '../../engine/transport/index.ts'
import { jsonAnswer } from '../../respond/json-answer.ts'
import { publicResult } from '../../respond/public-result.ts'
import { compose } from '../fake-subgraphs.ts'
import { exchangeFor, jsonOf } from './subgraph.ts'

const engines = { stitched: createStitchedEngine, compiled: createCompiledEngine }
const engineNames = ['stitched', 'compiled'] as const

const supergraph = supergraphFrom(compose({ shop: 'type Query { n: Int, m: Int, strict: Int! }' }))
const log = createLog({ service: 'gateway', write: () => {} })

type Said = { readonly query: string; readonly response: () => Response }

/** A subgraph that says this, and a client who hears of it. */
async function told(
  engine: keyof typeof engines,
  errors: ErrorPolicy,
  said: Said | Said['response'],
) {
  const { query, response } = typeof said === 'function' ? { query: '{ n }', response: said } : said
  const fetch = async () => response()
  const shop = transportTo({ name: 'shop', fetch }, { log, credentials: forwarding([]) })
  const transports = new Map([['shop', shop]])
  const runs = engines[engine]({ supergraph, rules: rulesOf(supergraph), transports, errors })
  const exchange = exchangeFor({})
  const prepared = await runs.prepare(query, null, variantOf(null))
  const result = await prepared.execute({ variables: {}, exchange })
  const answer = jsonAnswer(publicResult(result, exchange, log), 'application/json')
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

const failure = (data: unknown, init?: ResponseInit) => () => {
  const extensions = {
    ...{ code: 'SKU_UNKNOWN', hint: 7, stacktrace: ['at secret.ts:1'] },
    http: { status: 302, headers: { location: 'https://evil.test' } },
  }
  const errors = [{ message: 'No such sku.', path: ['n'], extensions }]
  return jsonOf(JSON.stringify({ data, errors }), init)
}

test.each(engineNames)(
  'a null where the subgraph may not give one is named under the open policy alone, %s',
  async (engine) => {
    const nothing = () => jsonOf('{"data":{"strict":null}}')
    const asked = { query: '{ strict }', response: nothing }
    const message = 'Cannot return null for non-nullable field Query.strict.'
    const { body } = await told(engine, 'open', asked)
    expect(body).toMatchObject({ data: null, errors: [{ message, path: ['strict'] }] })
    const { body: masked } = await told(engine, 'closed', asked)
    expect(masked).toMatchObject({ data: null, errors: [{ extensions: { code: 'INTERNAL' } }] })
    expect(JSON.stringify(masked)).not.toContain('strict.')
  },
)

describe.each(engineNames)('an error of a subgraph, %s', (engine) => {
  test('is told as it is under the open policy, without what is for developers', async () => {
    const { status, body, headers } = await told(engine, 'open', failure({ n: null }))
    expect(status).toBe(200)
    expect(body.data).toEqual({ n: null })
    expect(body.errors).toMatchObject([{ message: 'No such sku.', path: ['n'] }])
    expect(body.errors[0].extensions).toEqual({ code: 'SKU_UNKNOWN', hint: 7 })
    expect(headers.get('location')).toBeNull()
  })

  test('is masked under the closed one', async () => {
    const { body } = await told(engine, 'closed', failure({ n: null }))
    expect(body.errors[0].extensions.code).toBe('INTERNAL')
    expect(JSON.stringify(body)).not.toMatch(/sku|SKU|secret/)
  })

  test.each([400, 404, 422])('is also told when it has status %p', async (status) => {
    const { body } = await told(engine, 'open', failure(null, { status }))
    expect(body.data).toEqual({ n: null })
    expect(body.errors[0]).toMatchObject({ message: 'No such sku.', path: ['n'] })
  })

  test('says only that the subgraph is not available when it has status 500', async () => {
    const { body } = await told(engine, 'open', failure(null, { status: 500 }))
    expect(body.data).toEqual({ n: null })
    expect(body.errors[0].extensions.code).toBe('UNAVAILABLE')
    expect(JSON.stringify(body)).not.toContain('sku')
  })
})
