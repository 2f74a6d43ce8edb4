import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { explorerLimits } from '#kit/document/limits'
import { createLog } from '#kit/log'
import { rulesOf } from '../../../gateway/engine/authorize/rules.ts'
import { createCompiledEngine } from '../../../gateway/engine/compiled.ts'
import { guardedFieldsIn } from '../../../gateway/engine/self-test/guarded-fields.ts'
import { placeholderTransport, schemaOf } from '../../../gateway/engine/self-test/placeholder.ts'
import { probeFor, withDoors } from '../../../gateway/engine/self-test/probe.ts'
import { supergraphFrom } from '../../../gateway/engine/supergraph/index.ts'
import { exchangeOf } from '../../../gateway/exchange.ts'
import { createGraph } from '../../../gateway/gateway.ts'
import { registryFrom } from '../../../gateway/operations/registry.ts'
import { createStreams } from '../../../gateway/streams.ts'
import { type Caller, coordinateOf, type Field, viewerOf } from './guarded.ts'

const streams = createStreams({
  limits: { perCallerMax: 1_000, maxAgeMs: 60_000 },
  watchSession: () => () => {},
  metrics: { gauge: () => {} },
  now: () => new Date(),
})

/** The gateway's stages over the product's graph, and subgraphs that answer whatever they are asked. */
export async function gatewayDoor() {
  const sdl = await readFile(join(import.meta.dir, '../../../schema/supergraph.graphql'), 'utf8')
  const supergraph = supergraphFrom(sdl)
  const guarded = guardedFieldsIn(supergraph.document)
  const document = withDoors(supergraph.document, guarded)
  const schema = schemaOf(document)
  const transport = placeholderTransport(schema, () => {})
  const opened = { ...supergraph, document }
  const engine = createCompiledEngine({
    supergraph: opened,
    rules: rulesOf(opened),
    transports: new Map([...supergraph.subgraphNames.values()].map((name) => [name, transport])),
  })
  const graph = createGraph({
    ...{ streams, engine, heartbeatMs: 1_000, webClientId: 'web', registry: registryFrom('[]') },
    freeText: () => true,
    quota: async () => null,
    limits: { outsider: explorerLimits, explorer: explorerLimits },
    log: createLog({ service: 'access', level: 'silent' }),
    metrics: { operation: () => {} },
  })
  const probes = new Map(
    guarded.map((one) => [
      `${one.parent.name.value}.${one.field.name.value}`,
      probeFor(schema, one),
    ]),
  )
  return {
    /** Whether this caller is let in, whatever comes of it. */
    letsIn: async (field: Field, caller: Caller): Promise<boolean> => {
      const query = probes.get(coordinateOf(field))
      if (!query)
        throw new Error(`The gateway does not know that ${coordinateOf(field)} is guarded.`)
      const left = new AbortController()
      const request = new Request('http://gateway/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ query }),
      })
      const info = { requestId: 'access', clientAddress: '203.0.113.7' }
      const exchange = exchangeOf(request, info, left.signal)
      Object.assign(exchange, { viewer: viewerOf(caller) })
      const response = await graph(exchange, () => Promise.reject(new Error('It must answer.')))
      const text = await response.text()
      left.abort()
      return !text.includes('"UNAUTHORIZED_FIELD_OR_TYPE"')
    },
  }
}
