/** Answers one operation by the engine named, without a test's own modules, and says what it loaded. */

import { outsiderLimits } from '#kit/document/limits'
import { createLog } from '#kit/log'
import { rulesOf } from '../engine/authorize/rules.ts'
import { engineNames, loadEngine } from '../engine/engines.ts'
import { supergraphFrom } from '../engine/supergraph/index.ts'
import { exchangeOf } from '../exchange.ts'
import { createGraph } from '../gateway.ts'
import { prepareRegistered } from '../operations/prepare-registered.ts'
import { registryFrom, sha256 } from '../operations/registry.ts'

const sdl = `
  schema @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
  directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  scalar join__FieldSet
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
  enum join__Graph { PEOPLE @join__graph(name: "people", url: "") TRIPS @join__graph(name: "trips", url: "") }
  type Query @join__type(graph: PEOPLE) @join__type(graph: TRIPS) {
    hello: String @join__field(graph: PEOPLE)
    people: [Person!] @join__field(graph: PEOPLE)
  }
  type Person @join__type(graph: PEOPLE, key: "id") @join__type(graph: TRIPS, key: "id") {
    id: ID!
    miles: Int @join__field(graph: TRIPS)
  }`

const person = { __typename: 'Person', id: '1' }
const answers = {
  people: JSON.stringify({ data: { hello: 'world', people: [person] } }),
  trips: JSON.stringify({ data: { _entities: [{ ...person, miles: 100 }] } }),
}

const [wanted] = process.argv.slice(2)
const name = engineNames.find((one) => one === wanted) ?? 'compiled'
const log = createLog({ service: 'gateway', write: () => {} })
const { create } = await loadEngine(name, { log })
const supergraph = supergraphFrom(sdl)
const transports = new Map(Object.entries(answers).map(([key, text]) => [key, async () => text]))
const engine = create({ supergraph, rules: rulesOf(supergraph), transports })
const document = '{ hello people { miles } }'
const operation = {
  ...{ document, name: 'Hello', kind: 'query', hash: sha256(document) },
  ...{ client: 'web', contract: 'public' },
}
const registry = registryFrom(JSON.stringify([operation]))
await prepareRegistered({ operations: registry.all(), engine, log })
const graph = createGraph({
  ...{ registry, engine, log, heartbeatMs: 1_000, webClientId: '' },
  freeText: () => false,
  quota: async () => null,
  limits: { outsider: outsiderLimits, explorer: outsiderLimits },
  metrics: { operation: () => {} },
  streams: {
    take: () => {
      throw new Error('Nobody subscribes here.')
    },
    drain: () => {},
  },
})
const request = new Request('http://localhost/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ documentId: `sha256:${operation.hash}` }),
})
const info = { requestId: 'request-1', clientAddress: '' }
const exchange = exchangeOf(request, info, new AbortController().signal)
const response = await graph(exchange, () => Promise.reject(new Error('The graph must answer.')))
const loaded = [...Object.keys(require.cache)]
process.stdout.write(JSON.stringify({ text: await response.text(), loaded }))
