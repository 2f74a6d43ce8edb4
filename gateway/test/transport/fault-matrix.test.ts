import { afterAll, describe, expect, test } from 'bun:test'
import { publicError } from '#kit/errors'
import { createMinter } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { graceMs, startDeadline, within } from '../../deadline.ts'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { createCompiledEngine } from '../../engine/compiled.ts'
import { variantOf } from '../../engine/engine.ts'
import { createStitchedEngine } from '../../engine/stitched/index.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { mintedBy } from '../../engine/transport/credentials.ts'
import { type Target, transportTo } from '../../engine/transport/index.ts'
import { observedBy } from '../../engine/transport/observed.ts'
import type { TransportSettings } from '../../engine/transport/settings.ts'
import { eventually } from '../edge-harness.ts'
import {
  type Asked,
  compose,
  type FakeRoom,
  fakeSubgraphs,
  identityKeys,
} from '../fake-subgraphs.ts'
import { listenBarely, type Sickness, sicknesses } from './sick.ts'
import { exchangeFor, metricOf, type Way, ways } from './subgraph.ts'

const engines = { stitched: createStitchedEngine, compiled: createCompiledEngine }

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`

const products = [
  { id: '1', name: 'Mat' },
  { id: '2', name: 'Ball' },
]

const rooms: readonly FakeRoom[] = [
  {
    name: 'shop',
    typeDefs: `${link}
      type Query { hello: String, products: [Product!]! }
      type Mutation { order: Int }
      type Product @key(fields: "id") { id: ID!, name: String! }`,
    resolvers: {
      Query: { hello: () => 'world', products: () => products },
      Mutation: { order: () => 1 },
    },
  },
  {
    name: 'stock',
    typeDefs: `${link}
      type Query { stockCount: Int }
      type Mutation { reserve: Int }
      type Product @key(fields: "id") { id: ID!, inStock: Boolean }`,
    resolvers: {
      Query: { stockCount: () => 2 },
      Mutation: { reserve: () => 1 },
      Product: { __resolveReference: (product: object) => product, inStock: () => true },
    },
  },
]
const supergraph = supergraphFrom(
  compose(Object.fromEntries(rooms.map(({ name, typeDefs }) => [name, typeDefs]))),
)

const log = createLog({ service: 'gateway', write: () => {} })
const minter = createMinter({ privateJwk: identityKeys.private, now: () => new Date() })

type World = {
  readonly engine: keyof typeof engines
  readonly way: Way
  readonly sickness: Sickness | null
  readonly settings?: Partial<TransportSettings>
  readonly deadlineMs?: number
  /** What the first stage waits for an answer after the deadline. */
  readonly grace?: number
}

/** Two subgraphs, one of them sick, behind an engine. */
function startWorld(world: World) {
  const { engine, way, sickness, settings = {}, deadlineMs = 5_000, grace = graceMs } = world
  const asked: Asked[] = []
  let requestsAtSick = 0
  const counts = { begun: 0, over: 0 }
  const metrics = createMetrics('gateway', { ofProcess: false })
  const stops: (() => unknown)[] = []
  const respond = sickness?.respond
  const bare = sickness?.onSocket && listenBarely(sickness.onSocket)
  if (bare) stops.push(bare.stop)
  const subgraphs = fakeSubgraphs(asked, new Map(), rooms).map(({ name, fetch }) => ({
    name,
    fetch: async (request: Request) => {
      if (name !== 'stock' || !respond) return fetch(request)
      requestsAtSick += 1
      counts.begun += 1
      const over = () => {
        counts.over += 1
      }
      return respond({ signal: request.signal, over })
    },
  }))
  const targetOf = ({ name, fetch }: (typeof subgraphs)[number]): Target => {
    const url = name === 'stock' ? (sickness?.url ?? bare?.url) : undefined
    if (url !== undefined) return { name, url }
    if (way === 'local') return { name, fetch }
    const server = Bun.serve({ port: 0, idleTimeout: 0, fetch })
    stops.push(() => server.stop(true))
    return { name, url: `http://127.0.0.1:${server.port}/graphql` }
  }
  const deps = {
    ...{ log, settings, credentials: mintedBy(minter), observer: observedBy(metrics) },
  }
  const transports = new Map(
    subgraphs.map((one) => [one.name, transportTo(targetOf(one), deps)] as const),
  )
  const runs = engines[engine]({ supergraph, rules: rulesOf(supergraph), transports })
  const inFlight = (name: string) => metricOf(metrics, new RegExp(`in_flight\\{.*${name}`))
  return {
    ask: async (document: string) => {
      const { signal, clear } = startDeadline(new AbortController().signal, deadlineMs)
      const exchange = exchangeFor({ signal })
      const prepared = await runs.prepare(document, null, variantOf(null))
      const execute = () => prepared.execute({ variables: {}, exchange })
      // As the first stage does it: what is later than this is no answer at all.
      const { data, errors = [] } = await within(signal, execute, grace).finally(clear)
      return {
        data: JSON.parse(JSON.stringify(data)),
        errors: errors
          .map((error) => publicError(error, 'request-1'))
          .map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`)
          .sort(),
        isLate: signal.aborted,
      }
    },
    requestsAtSick: () => bare?.requests() ?? requestsAtSick,
    nothingIsLeft: async () => {
      await eventually(() => counts.over === counts.begun)
      for (const name of ['shop', 'stock'])
        await eventually(async () => (await inFlight(name)) === 0)
      if (bare) await eventually(() => bare.open() === 0)
    },
    stop: () => Promise.all(stops.splice(0).map((stop) => stop())),
  }
}

const worlds: ReturnType<typeof startWorld>[] = []
const start = (world: World) => {
  const started = startWorld(world)
  worlds.push(started)
  return started
}
afterAll(() => Promise.all(worlds.map((world) => world.stop())))

const everything = '{ hello products { name inStock } stockCount }'
const withoutTheSick = {
  hello: 'world',
  products: products.map(({ name }) => ({ name, inStock: null })),
  stockCount: null,
}
const sickPaths = ['products.0.inStock', 'products.1.inStock', 'stockCount']

const engineNames = ['stitched', 'compiled'] as const
const cases = engineNames.flatMap((engine) =>
  Object.entries(sicknesses).flatMap(([name, sickness]) =>
    sickness.ways.map((way) => [name, engine, way, sickness] as const),
  ),
)

describe.each(cases)('%s of one subgraph, %s, %s', (_, engine, way, sickness) => {
  const deadlineMs = sickness.hangs ? 150 : 5_000
  const code = sickness.hangs ? 'TIMEOUT' : 'UNAVAILABLE'

  test('costs its own fields alone, and the answer is on time', async () => {
    const world = start({ engine, way, sickness, deadlineMs })
    const { data, errors, isLate } = await world.ask(everything)
    expect(data).toEqual(withoutTheSick)
    expect(errors).toEqual(sickPaths.map((path) => `${path} ${code}`))
    expect(isLate).toBe(sickness.hangs)
    await world.nothingIsLeft()
  })

  test('does not touch who needs nothing of it', async () => {
    const world = start({ engine, way, sickness, deadlineMs })
    const { data, errors, isLate } = await world.ask('{ hello products { name } }')
    expect(data).toEqual({ hello: 'world', products: products.map(({ name }) => ({ name })) })
    expect(errors).toEqual([])
    expect(isLate).toBe(false)
  })

  test('never makes a mutation run twice', async () => {
    // The healthy half comes first, and has to be answered in time on a busy machine too.
    const patient = { deadlineMs: Math.max(600, deadlineMs), settings: { retryBudget: 10 } }
    const world = start({ engine, way, sickness, ...patient })
    const { data, errors } = await world.ask('mutation { order reserve }')
    expect(data).toEqual({ order: 1, reserve: null })
    expect(errors).toEqual([`reserve ${code}`])
    if (!sickness.url) expect(world.requestsAtSick()).toBe(1)
    if (way === 'http') await world.nothingIsLeft()
  })

  test('makes a query be asked again only if it may pass', async () => {
    const world = start({ engine, way, sickness, deadlineMs, settings: { retryBudget: 10 } })
    await world.ask('{ stockCount }')
    if (!sickness.url) expect(world.requestsAtSick()).toBe(sickness.mayPass ? 3 : 1)
    await world.nothingIsLeft()
  })
})

const healthy = engineNames.flatMap((engine) => ways.map((way) => [engine, way] as const))

describe.each(healthy)('without a fault, %s, over the %s transport', (engine, way) => {
  test('the same operations are answered whole', async () => {
    const world = start({ engine, way, sickness: null })
    expect(await world.ask(everything)).toMatchObject({
      data: { products: [{ name: 'Mat', inStock: true }, {}], stockCount: 2 },
      errors: [],
    })
    expect(await world.ask('mutation { order reserve }')).toMatchObject({
      data: { order: 1, reserve: 1 },
      errors: [],
    })
  })
})

describe.each(healthy)('controls, %s, over the %s transport', (engine, way) => {
  const latency = sicknesses.latency ?? null

  test('without a deadline one subgraph that hangs holds the whole answer', async () => {
    const world = start({ engine, way, sickness: latency, deadlineMs: 60_000 })
    const answer = world.ask(everything).then(() => 'answered')
    expect(await Promise.race([answer, Bun.sleep(400).then(() => 'held')])).toBe('held')
  })

  test('without its moment after the deadline nothing of the answer is left', async () => {
    const world = start({ engine, way, sickness: latency, deadlineMs: 150, grace: 0 })
    expect(world.ask(everything)).rejects.toThrow('took too long')
  })
})
