import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { explorerLimits, outsiderLimits } from '#kit/document/limits'
import { createLog } from '#kit/log'
import { type Rules, rulesOf } from '../engine/authorize/rules.ts'
import { variantOf } from '../engine/engine.ts'
import { selfTest } from '../engine/self-test/index.ts'
import { createStitchedEngine } from '../engine/stitched/index.ts'
import { type Supergraph, supergraphFrom } from '../engine/supergraph/index.ts'
import type { Stage } from '../exchange.ts'
import { createGraph, provenEngine } from '../gateway.ts'
import { registryFrom } from '../operations/registry.ts'
import { createStreams } from '../streams.ts'
import { compose, fakeSupergraph } from './fake-subgraphs.ts'

type Fault = {
  /** What the engine is told to enforce in place of the supergraph's own rules. */
  readonly rules?: (supergraph: Supergraph) => Rules
  readonly identity?: Stage
}

/** The self-test of a gateway that has one fault. */
const selfTestOf = (sdl: string, { rules = rulesOf, identity }: Fault = {}) =>
  selfTest({
    supergraph: supergraphFrom(sdl),
    graphOver: (supergraph, transports) => {
      const engine = createStitchedEngine({ supergraph, rules: rules(supergraph), transports })
      const graph = createGraph({ ...deps, freeText: () => true, engine })
      return identity ? (exchange, next) => identity(exchange, () => graph(exchange, next)) : graph
    },
  })

const deps = {
  streams: createStreams({
    limits: { perCallerMax: 1, maxAgeMs: 1_000 },
    watchSession: () => () => {},
    metrics: { gauge: () => {} },
    now: () => new Date(),
  }),
  heartbeatMs: 1_000,
  webClientId: 'web-client',
  registry: registryFrom('[]'),
  freeText: () => false,
  quota: async () => null,
  limits: { outsider: outsiderLimits, explorer: explorerLimits },
  log: createLog({ service: 'test', level: 'silent' }),
  metrics: { operation: () => {} },
}

const without =
  (coordinate: string) =>
  (supergraph: Supergraph): Rules =>
    new Map([...rulesOf(supergraph)].filter(([name]) => name !== coordinate))

const guardedInFakes = [
  'Home.street',
  'Mutation.rename',
  'Node.label',
  'OpenPlan.hidden',
  'Person.badge',
  'Person.birthday',
  'Person.email',
  'Person.trips',
  'PersonEvent.note',
  'Place.label',
  'Plan.cost',
  'Plan.title',
  'Query.level',
  'Query.mustHaveSecret',
  'Query.plan',
  'Query.secret',
  'Subscription.mustBeSecret',
  'Subscription.secretChanged',
  'Trip.price',
]

describe('the self-test', () => {
  test('asks for every field that carries a rule, on whatever it stands', async () => {
    expect((await selfTestOf(fakeSupergraph)).sort()).toEqual(guardedInFakes)
  })

  test("passes for the product's own supergraph", async () => {
    const sdl = await Bun.file(join(import.meta.dir, '../../schema/supergraph.graphql')).text()
    const fields = await selfTestOf(sdl)
    expect(fields).toContain('User.email')
    expect(fields).toContain('Mutation.holdSlot')
    expect(fields.length).toBeGreaterThan(20)
  })

  test('[FC-40] names every field when authorization is switched off', async () => {
    const refused = selfTestOf(fakeSupergraph, { rules: () => new Map() })
    await expect(refused).rejects.toThrow('These fields carry a rule that is not in force')
    for (const field of guardedInFakes) await expect(refused).rejects.toThrow(field)
  })

  // A field of a guarded type stays behind the field that returns the type, so it is not in this
  // list.
  test.each(guardedInFakes.filter((name) => !name.startsWith('Plan.')))(
    'names %s when that one rule is missing',
    async (coordinate) => {
      const refused = selfTestOf(fakeSupergraph, { rules: without(coordinate) })
      await expect(refused).rejects.toThrow(`not in force: ${coordinate}.`)
    },
  )

  test('fails when an anonymous caller is taken for somebody', async () => {
    const refused = selfTestOf(fakeSupergraph, {
      identity: (exchange, next) => {
        const scopes = new Set(['self', 'mail'])
        const viewer = { id: '1', roles: [], scopes, acr: '1', actor: null, sessionId: null }
        exchange.viewer = viewer
        return next()
      },
    })
    await expect(refused).rejects.toThrow('Query.secret')
  })

  test('fails when the pipeline answers nothing at all, for that proves nothing', async () => {
    const refused = selfTestOf(fakeSupergraph, {
      identity: async () => Response.json({ errors: [{ message: 'no', extensions: {} }] }),
    })
    await expect(refused).rejects.toThrow('Query.secret')
  })
})

test('an engine is handed out only when it has proven itself', async () => {
  const supergraph = supergraphFrom(fakeSupergraph)
  const transports = new Map(
    ['people', 'trips'].map((name) => [name, async () => '{"data":{"hello":"world"}}']),
  )
  const engineWith = (rules: (supergraph: Supergraph) => Rules) =>
    provenEngine(
      {
        ...{ supergraph, transports },
        engineOver: (supergraph, transports) =>
          createStitchedEngine({ supergraph, rules: rules(supergraph), transports }),
      },
      deps,
    )
  await expect(engineWith(without('Query.secret'))).rejects.toThrow('Query.secret')
  const { kind, name } = await (await engineWith(rulesOf)).prepare(
    'query Hello { hello }',
    null,
    variantOf(null),
  )
  expect({ kind, name }).toMatchObject({ kind: 'query', name: 'Hello' })
})

describe('a directive under another name', () => {
  const renamed = compose({
    a: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
          import: [{ name: "@authenticated", as: "@signedIn" }, "@shareable"])
        type Query { open: String mine: String @signedIn }`,
  })

  test('is enforced all the same', async () => {
    expect(await selfTestOf(renamed)).toEqual(['Query.mine'])
    const byHand = fakeSupergraph
      .replaceAll('@authenticated', '@signedIn')
      .replace('authenticated/v0.1", for', 'authenticated/v0.1", as: "signedIn", for')
    expect(await selfTestOf(byHand)).toHaveLength(guardedInFakes.length)
  })

  test('keeps the gateway from starting when it means nothing to us', async () => {
    const typo = fakeSupergraph.replaceAll('@authenticated', '@authentificated')
    await expect(selfTestOf(typo)).rejects.toThrow('Query.secret')
  })

  test('[MP-45] keeps the gateway from starting when its feature is one that we do not enforce', () => {
    const link = '@link(url: "https://specs.apollo.dev/quota/v1.0", for: SECURITY)'
    const sdl = fakeSupergraph.replace('schema @link', `schema ${link} @link`)
    expect(() => supergraphFrom(sdl)).toThrow('does not enforce')
  })
})
