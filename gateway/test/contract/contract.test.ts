import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { contractHeader } from '../../contract.ts'
import { contractFace } from '../../contract-face.ts'
import { type Contracts, contractsOf } from '../../contract-graph.ts'
import { requireWithinContracts } from '../../contract-operations.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { type Exchange, exchangeOf } from '../../exchange.ts'
import { registryFrom, sha256 } from '../../operations/registry.ts'
import { freeTextFor } from '../../operations/select.ts'
import { type Caller, explorer, type Harness, startHarness } from '../harness.ts'
import { lanes } from '../lanes.ts'

const read = (name: string) => readFile(join(import.meta.dir, '../../../schema', name), 'utf8')
const supergraph = await read('supergraph.graphql')
const registry = registryFrom(await read('operations.json'))
const rooms = await Promise.all(
  ['auth', 'billing', 'bookings', 'users'].map(async (name) => ({
    ...{ name, typeDefs: await read(`${name}.graphql`) },
    resolvers: {},
  })),
)
const nobody: Caller = {}
const client: Caller = { scopes: ['self', 'bookings:read'], credential: 'session' }
const support: Caller = { scopes: ['self', 'users:read'], credential: 'session' }
const partner: Caller = { scopes: ['bookings:read'], credential: 'bearer', clientId: 'club' }
const pages: Caller = { scopes: ['self'], credential: 'bearer', clientId: 'web-client' }

const idOf = (name: string) => {
  const operation = registry.all().find((one) => one.name === name)
  if (!operation) throw new Error(`There is no operation ${name}.`)
  return `sha256:${operation.hash}`
}
const unknownId = `sha256:${sha256('nothing')}`

describe.each(lanes)('a registered operation, by the %s lane', (lane) => {
  let it: Harness
  beforeAll(() => {
    const freeText = freeTextFor({ fromLocalhost: false })
    const settings = { engine: 'compiled', supergraph, rooms, registry } as const
    it = startHarness({ ...settings, lane, freeText, byContract: true })
  })
  afterAll(() => it.stop())

  const rows = [
    ['FeaturedCoaches', { nobody, client, support, pages }],
    ['MySessions', { client, support, pages }],
    ['AuditEvents', { support }],
    ['PartnerCoaches', { partner }],
    ['PartnerBookings', { partner }],
  ] as const

  test.each(rows)(
    '%s is there for those whose contract has it, and unknown to the others',
    async (name, may) => {
      const refusal = (await it.post({ documentId: unknownId }, nobody)).text
      expect(refusal).toContain('OPERATION_NOT_REGISTERED')
      const allowed = new Set<Caller>(Object.values(may))
      for (const caller of [nobody, client, support, pages, partner]) {
        const { text } = await it.post({ documentId: idOf(name) }, caller)
        if (allowed.has(caller)) expect(text).not.toContain('OPERATION_NOT_REGISTERED')
        else expect(text).toBe(refusal)
      }
    },
  )

  test('is not there for an explorer who looks through a narrower contract', async () => {
    const narrow = await it.post({ documentId: idOf('AuditEvents') }, explorer, {
      [contractHeader]: 'app',
    })
    expect(narrow.text).toContain('OPERATION_NOT_REGISTERED')
    const whole = await it.post({ documentId: idOf('AuditEvents') }, explorer)
    expect(whole.text).not.toContain('OPERATION_NOT_REGISTERED')
  })

  test('with variables that do not fit says no name outside of its contract', async () => {
    const said = await it.post(
      {
        documentId: idOf('PartnerBookings'),
        variables: { filter: { client: 1, statu: 'HELD', status: 'HELP' } },
      },
      partner,
    )
    const known = new Set((await read('contracts/partner.graphql')).match(/\w+/g))
    const all = new Set((await read('contracts/admin.graphql')).match(/\w+/g))
    expect(said.text).toContain('BookingFilter')
    const quoted = new Set([...said.text.matchAll(/\\"(\w+)\\"/g)].map(([, name]) => name ?? ''))
    expect(
      quoted
        .intersection(all)
        .difference(known)
        .difference(new Set(['client'])),
    ).toEqual(new Set())
  })
})

describe('an explorer', () => {
  let it: Harness
  beforeAll(() => {
    it = startHarness({ engine: 'compiled', supergraph, rooms, byContract: true })
  })
  afterAll(() => it.stop())
  const types = '{ __schema { types { name } } }'

  test('is shown the types of the contract that they name, and may use no other', async () => {
    const through = (contract: string) =>
      it.post({ query: types }, explorer, { [contractHeader]: contract })
    const [partners, whole] = [await through('partner'), await it.ask(types, explorer)]
    expect(partners.text).toContain('"Booking"')
    expect(partners.text).not.toContain('"AuditEvent"')
    expect(whole.text).toContain('"AuditEvent"')
    const query = '{ auditEvents { edges { cursor } } }'
    const refused = await it.post({ query }, explorer, { [contractHeader]: 'app' })
    expect(refused.text).toContain('Cannot query field \\"auditEvents\\" on type \\"Query\\".')
  })

  test('who names no contract that there is learns which there are', async () => {
    const { status, text } = await it.post({ query: types }, explorer, {
      [contractHeader]: 'whole',
    })
    expect([status, text]).toEqual([400, expect.stringContaining('public, partner, app, admin')])
  })

  test('alone is heard: the header of anybody else says nothing', async () => {
    const query = '{ auditEvents { edges { cursor } } }'
    const { text } = await it.post({ query }, client, { [contractHeader]: 'admin' })
    expect(text).toContain('Cannot query field')
  })
})

describe('GET /api/schema.graphql', () => {
  const { sdlOf } = contractsOf(supergraphFrom(supergraph))
  let served: Contracts = contractsOf(supergraphFrom(supergraph))
  const face = contractFace({ contracts: () => served, webClientId: 'web-client' })
  const get = (caller: Caller, headers: Record<string, string> = {}, method = 'GET') => {
    const request = new Request('http://localhost/api/schema.graphql', { method, headers })
    const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
    const exchange: Exchange = exchangeOf(request, info, new AbortController().signal)
    const viewer = caller.scopes && {
      ...{ id: 'one', roles: [], scopes: new Set(caller.scopes), acr: '1' },
      ...{ actor: null, sessionId: null },
    }
    Object.assign(exchange, {
      ...caller,
      credential: caller.credential ?? 'anonymous',
      viewer: viewer ?? null,
    })
    return face.handle(exchange, async () => new Response('next'))
  }

  test.each([
    ['nobody the public one', nobody, 'public'],
    ['a partner’s program its own', partner, 'partner'],
    ['whoever is signed in the one of the pages', client, 'app'],
    ['staff all of it', support, 'admin'],
  ] as const)('gives %s', async (_, caller, contract) => {
    const text = await (await get(caller)).text()
    expect(text).toBe(sdlOf(contract) ?? '')
    expect(text).toBe(await read(`contracts/${contract}.graphql`))
    buildSchema(text)
  })

  test('may be kept by anybody only where it is nobody’s, and is not sent twice', async () => {
    const first = await get(nobody)
    expect(first.headers.get('cache-control')).toBe('public, max-age=300')
    expect(first.headers.get('vary')).toContain('authorization')
    const etag = first.headers.get('etag') ?? ''
    expect((await get(nobody, { 'if-none-match': `W/${etag}` })).status).toBe(304)
    expect((await get(partner, { 'if-none-match': etag })).status).toBe(200)
    expect((await get(partner)).headers.get('cache-control')).toBe('private, no-cache')
    expect((await get(nobody, { cookie: 'a=b' })).headers.get('cache-control')).toContain('private')
  })

  test('is read alone', async () => {
    expect(get(nobody, {}, 'POST')).rejects.toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  test('follows the graph that is served', async () => {
    const before = (await get(nobody)).headers.get('etag')
    served = contractsOf(
      supergraphFrom(
        supergraph.replace('  proofOfWork: ProofOfWork!', '  workToProve: ProofOfWork!'),
      ),
    )
    const after = await get(nobody)
    expect(await after.text()).toContain('workToProve')
    expect(after.headers.get('etag')).not.toBe(before)
  })
})

test('a graph in whose contract an operation is no more is not served', async () => {
  const operations = registry.all()
  const fits = (text: string) =>
    requireWithinContracts(operations, contractsOf(supergraphFrom(text)))
  await fits(supergraph)
  const tag = '  city: String @join__field(graph: USERS) @tag(name: "public")'
  expect(supergraph).toContain(tag)
  const hidden = supergraph.replace(tag, '  city: String @join__field(graph: USERS)')
  expect(fits(hidden)).rejects.toThrow(
    /PartnerCoach \(public: Cannot query field "city" on type "Coach"/,
  )
})
