import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { createStandaloneApp } from '../../standalone/app.ts'
import { configFrom } from '../../standalone/config.ts'
import * as people from '../authorization-cases/people.ts'
import { sdl, world } from '../authorization-cases/world.ts'
import { fetchOf } from '../federation/harness/subgraph.ts'

const folder = await mkdtemp(join(tmpdir(), 'plexus-policy-'))
const file = join(folder, 'supergraph.graphql')
await writeFile(file, sdl)
const server = Bun.serve({ port: 0, fetch: fetchOf('people', people, world.journal) })
afterAll(async () => {
  await server.stop(true)
  await rm(folder, { recursive: true })
})

const nowhere = ['work', 'catalogue', 'reviews'].map((name) => `${name}=http://127.0.0.1:9/graphql`)
const urls = [`people=http://127.0.0.1:${server.port}/graphql`, ...nowhere].join(',')

async function asked(env: Record<string, string>, query: string): Promise<unknown> {
  const config = configFrom({ SUPERGRAPH_FILE: file, SUBGRAPH_URLS: urls, ...env }, [])
  const log = createLog({ service: 'test', write: () => {} })
  const metrics = createMetrics('gateway', { ofProcess: false })
  const app = await createStandaloneApp({ config, log, metrics, now: () => new Date() })
  const request = new Request('http://localhost:4000/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-plexus-cost': 'true' },
    body: JSON.stringify({ query }),
  })
  const response = await app.fetch(request, { requestId: 'request-1', clientAddress: '192.0.2.7' })
  await app.stop()
  return { status: response.status, ...Object(await response.json()) }
}

const query = '{ hello secret people { friends { name } } }'
const friends = [{ friends: [{ name: 'Bob' }] }, { friends: [] }]

test('without anybody to say who asks, what is guarded is denied to all, and nobody counts', async () => {
  expect(await asked({}, query)).toEqual({
    status: 200,
    data: { hello: 'world', secret: null, people: friends },
    errors: [expect.objectContaining({ path: ['secret'] })],
  })
})

test('it rejects, where it is told to', async () => {
  expect(await asked({ UNAUTHORIZED: 'reject' }, query)).toEqual({
    status: 403,
    errors: [expect.objectContaining({ path: ['secret'] })],
  })
  expect(await asked({ UNAUTHORIZED: 'reject' }, '{ hello }')).toMatchObject({ status: 200 })
})

test('it counts, where it is told to', async () => {
  expect(await asked({ COST_MODE: 'measure', COST_MAX: '5' }, query)).toMatchObject({
    extensions: { cost: { estimated: 110, actual: 3, max: 5 } },
  })
  expect(await asked({ COST_MODE: 'enforce', COST_MAX: '5' }, query)).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'DOCUMENT_TOO_COMPLEX' } }],
  })
  const unread = { COST_MODE: 'measure', INTROSPECTION: 'false' }
  expect(await asked(unread, query)).not.toHaveProperty('extensions')
})
