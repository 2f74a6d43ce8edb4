import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorResponse } from '#kit/errors'
import { createLog } from '#kit/log'
import { type Contract, isWithin } from '#schema/contracts'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { viewOf } from '../../engine/view.ts'
import { exchangeOf, inOrder, type Stage } from '../../exchange.ts'
import { facesOf } from '../../operations/faces.ts'
import { mcpFace } from '../../operations/mcp/face.ts'
import { type RegisteredOperation, registryFrom, registryOf } from '../../operations/registry.ts'
import { createRest } from '../../operations/rest/face.ts'
import { freeTextFor } from '../../operations/select.ts'
import { kebabOf, versionedNameOf } from '../../operations/versions.ts'
import { type Caller, startHarness } from '../harness.ts'
import { namesIn } from './recovery.ts'

const read = (name: string) => readFile(join(import.meta.dir, '../../../schema', name), 'utf8')
const sdl = await read('supergraph.graphql')
const registered = registryFrom(await read('operations.json')).all()
/** What of it is for whom is a matter of contracts alone here. */
const forAll = (contractOf: (one: RegisteredOperation) => Contract) =>
  registryOf(
    registered.flatMap((one) =>
      ['web', 'partner'].map((client) => ({ ...one, client, contract: contractOf(one) })),
    ),
  )
const all = namesIn(await read('contracts/admin.graphql'))
const outside = {
  public: all.difference(namesIn(await read('contracts/public.graphql'))),
  partner: all.difference(namesIn(await read('contracts/partner.graphql'))),
}
const supergraph = supergraphFrom(sdl)
const view = viewOf({ supergraph, rules: rulesOf(supergraph) })
const rooms = await Promise.all(
  ['auth', 'billing', 'bookings', 'users'].map(async (name) => ({
    ...{ name, typeDefs: await read(`${name}.graphql`) },
    resolvers: {},
  })),
)
const scopes = ['bookings:read', 'bookings:write', 'operations:publish']
const partner: Caller = { scopes, credential: 'bearer', clientId: 'club' }
const callers = [
  ['nobody', 'public', {}],
  ['a partner’s program', 'partner', partner],
] as const

function startFaces(registry: ReturnType<typeof registryOf>) {
  const freeText = freeTextFor({ fromLocalhost: false })
  const harness = startHarness({ engine: 'compiled', supergraph: sdl, rooms, registry, freeText })
  const now = () => new Date()
  const log = createLog({ service: 'gateway', write: () => {} })
  const site = {
    name: 'Plexus',
    productName: 'Plexus',
    origin: 'http://localhost',
    locales: ['fr', 'en'],
  }
  const published = { registry, webClientId: 'web-client', view: () => view, now }
  const faces = facesOf([
    mcpFace({ ...published, productName: 'Plexus', log }),
    createRest({ ...published, site: Object(site), schemaOf: () => view.schema }),
  ])
  const ask = async (caller: Caller, path: string, body?: unknown) => {
    const identity: Stage = (exchange, next) => {
      const { scopes: held, credential = 'anonymous', clientId = null } = caller
      const person = { id: 'one', roles: [], acr: '1', actor: null, sessionId: null }
      const viewer = held ? { ...person, scopes: new Set(held) } : null
      Object.assign(exchange, { credential, clientId, viewer })
      return next()
    }
    const http: Stage = (exchange, next) =>
      next().catch((error: unknown) => errorResponse(error, exchange.requestId))
    const request = new Request(`http://localhost${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
    })
    const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
    const exchange = exchangeOf(request, info, new AbortController().signal)
    const response = await inOrder([http, identity, faces, harness.graph])(exchange)
    return { status: response.status, text: await response.text() }
  }
  return { ask, stop: harness.stop }
}

const addressOf = (name: string) => `/api/v1/${kebabOf(versionedNameOf(name).base)}`
const unknown = '/api/v1/zq-unknown'
const wordsOf = (text: string) => new Set(text.match(/[A-Za-z_]\w*/g))
const listTools = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

describe('beside GraphQL', () => {
  let it: ReturnType<typeof startFaces>
  let twin: ReturnType<typeof startFaces>
  beforeAll(() => {
    it = startFaces(forAll(({ contract }) => contract))
    twin = startFaces(forAll(() => 'public'))
  })
  afterAll(() => Promise.all([it.stop(), twin.stop()]))

  /** Names of operations at whose address something else is answered than at an unknown one. */
  async function resources({ ask }: Pick<typeof it, 'ask'>, caller: Caller): Promise<string[]> {
    const found: string[] = []
    for (const { name } of registered)
      for (const body of [undefined, {}]) {
        const [one, other] = [
          await ask(caller, addressOf(name), body),
          await ask(caller, unknown, body),
        ]
        const said = { ...one, text: one.text.replaceAll(addressOf(name), unknown) }
        if (said.status !== other.status || said.text !== other.text) found.push(name)
      }
    return [...new Set(found)].sort()
  }

  const within = (contract: Contract) =>
    registered
      .filter((one) => isWithin(one.contract, contract))
      .map(({ name }) => name)
      .sort()

  test.each(callers)(
    '%s finds those resources alone that are within %s',
    async (_, contract, caller) => {
      expect(await resources(it, caller)).toEqual(within(contract))
    },
  )

  test.each(callers)(
    '%s reads no name outside of %s in the description',
    async (_, contract, caller) => {
      const { status, text } = await it.ask(caller, '/api/openapi.json')
      expect(status).toBe(200)
      // Every problem has one; it is a field of the audit's too.
      const spoken = new Set(['requestId'])
      const operations = new Set(Object.keys(JSON.parse(text).paths))
      expect(operations.size).toBeGreaterThan(5)
      const said = wordsOf(text).intersection(outside[contract]).difference(spoken)
      expect([...said].filter((name) => /[A-Z_]/.test(name))).toEqual([])
    },
  )

  test('a partner’s program is offered no tool outside of its contract', async () => {
    const tools = (await it.ask(partner, '/mcp', listTools)).text
    const said = wordsOf(tools).intersection(outside.partner)
    expect([...said].filter((name) => /[A-Z_]/.test(name))).toEqual([])
    expect(tools).toContain('coaches')
  })

  test('negative control: without contracts both are told of everything', async () => {
    expect((await resources(twin, {})).length).toBe(registered.length)
    const description = (await twin.ask({}, '/api/openapi.json')).text
    expect(wordsOf(description).intersection(outside.public).size).toBeGreaterThan(20)
    const tools = (await twin.ask({ ...partner, scopes: [...scopes, 'self'] }, '/mcp', listTools))
      .text
    expect(wordsOf(tools).intersection(outside.partner).size).toBeGreaterThan(20)
  })
})

test.each(callers)(
  'the text that %s gets of %s names nothing else, not even in a description',
  async (_, contract) => {
    const text = await read(`contracts/${contract}.graphql`)
    const quoted = new Set([...text.matchAll(/`([A-Za-z_]\w*)`/g)].map(([, name]) => name ?? ''))
    expect([...quoted.intersection(outside[contract])]).toEqual([])
    expect(
      [...wordsOf(text).intersection(outside[contract])].filter((name) => /[a-z][A-Z]/.test(name)),
    ).toEqual([])
  },
)
