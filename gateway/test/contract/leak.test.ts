import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { specifiedDirectives } from 'graphql'
import { type Contract, contracts } from '#schema/contracts'
import { contractHeader } from '../../contract.ts'
import { registryFrom } from '../../operations/registry.ts'
import { freeTextFor } from '../../operations/select.ts'
import { type Caller, explorer, type Harness, noLimits, startHarness } from '../harness.ts'
import { namesIn, recover } from './recovery.ts'

setDefaultTimeout(30_000)

const read = (name: string) => readFile(join(import.meta.dir, '../../../schema', name), 'utf8')
const supergraph = await read('supergraph.graphql')
const registry = registryFrom(await read('operations.json'))
const rooms = await Promise.all(
  ['auth', 'billing', 'bookings', 'users'].map(async (name) => ({
    ...{ name, typeDefs: await read(`${name}.graphql`) },
    resolvers: {},
  })),
)
const names = new Map<Contract, Set<string>>()
for (const contract of contracts)
  names.set(contract, namesIn(await read(`contracts/${contract}.graphql`)))
/** Directives of GraphQL's own are in every schema, also where a field of that name is not. */
const own = new Set(specifiedDirectives.map(({ name }) => name))
const all = (names.get('admin') ?? new Set<string>()).difference(own)
const words = [...all]
const inside = (contract: Contract) => names.get(contract) ?? new Set<string>()
const outside = (contract: Contract, found: Set<string>) => found.difference(inside(contract))
const everyTenth = (list: Iterable<string>) => [...list].filter((_, at) => at % 10 === 0)
/** Whatever is outside, and a little of what is not, below which the search goes on. */
const wordsFor = (contract: Contract) => [
  ...outside(contract, all),
  ...[...inside(contract)].slice(0, 3),
  ...['coach', 'coaches', 'slots', 'displayName', 'holdSlot'].filter((name) =>
    inside(contract).has(name),
  ),
]

const partner: Caller = { scopes: ['bookings:read'], credential: 'bearer', clientId: 'club' }
const client: Caller = { scopes: ['self'], credential: 'session' }

const settings = { engine: 'compiled', supergraph, rooms, registry } as const
let it: Harness
/** Everybody may send text, and all of it is read by the whole graph. */
let twin: Harness
beforeAll(() => {
  const freeText = freeTextFor({ fromLocalhost: false })
  it = startHarness({ ...settings, freeText, byContract: true })
  twin = startHarness({ ...settings, limits: noLimits })
})
afterAll(() => Promise.all([it.stop(), twin.stop()]))

const byText =
  (gateway: Harness, caller?: Caller, headers: Record<string, string> = {}) =>
  async (query: string) =>
    (await gateway.post({ query }, caller, headers)).text

const byGet = (gateway: Harness, caller?: Caller) => async (query: string) =>
  (await gateway.get({ query }, caller)).text

describe('guessing names of the graph', () => {
  const ways = [
    ['nobody', undefined],
    ['a partner’s program', partner],
    ['whoever is signed in', client],
  ] as const

  test.each(ways)('gives %s none at all', async (_, caller) => {
    for (const ask of [byText(it, caller), byGet(it, caller)])
      expect(await recover({ ask, words })).toEqual(new Set())
  })

  test('negative control: an unprotected twin gives them to nobody', async () => {
    const sample = everyTenth(outside('partner', all))
    const found = await recover({ ask: byText(twin), words: sample })
    expect(outside('partner', found).size).toBeGreaterThan(sample.length / 3)
  })

  test.each(['public', 'partner', 'app'] as const)(
    'gives an explorer who looks through the contract %s nothing that is outside of it',
    async (contract) => {
      const ask = byText(it, explorer, { [contractHeader]: contract })
      const found = await recover({ ask, words: wordsFor(contract) })
      expect(outside(contract, found)).toEqual(new Set())
      expect(found.size).toBeGreaterThan(2)
    },
  )

  test('negative control: without the contract the same explorer finds it', async () => {
    const sample = everyTenth(outside('app', all))
    const found = await recover({ ask: byText(it, explorer), words: sample })
    expect(outside('app', found).size).toBeGreaterThan(sample.length / 3)
  })
})
