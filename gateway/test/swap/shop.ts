import { Repeater } from 'graphql-yoga'
import { createLog } from '#kit/log'
import { createMetrics } from '#kit/metrics'
import { rulesOf } from '../../engine/authorize/rules.ts'
import type { Engine } from '../../engine/engine.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { forwarding } from '../../engine/transport/credentials.ts'
import { transportTo } from '../../engine/transport/index.ts'
import { exchangeOf } from '../../exchange.ts'
import { createLiveGraph } from '../../live-graph.ts'
import { prepareRegistered } from '../../operations/prepare-registered.ts'
import { registryFrom, sha256 } from '../../operations/registry.ts'
import type { NamedEngine } from '../federation/harness/engines.ts'
import { link } from '../federation/harness/link.ts'
import { fetchOf, type Journal } from '../federation/harness/subgraph.ts'
import { supergraphOf } from '../federation/harness/world.ts'

const shopSdl = (itemFields: string) => `${link}
type Query { items: [Item!]! }
type Mutation { sell(ticket: ID!): Int! }
type Subscription { sold(shop: ID!): Item }
type Item @key(fields: "id") @key(fields: "code") { id: ID!, code: ID! ${itemFields} }
`
const stockSdl = (key: string, itemFields: string) => `${link}
type Item @key(fields: "${key}") { ${key}: ID! ${itemFields} }
`

type Names = 'label from the shop' | 'label from the stock' | 'label by code' | 'no label'

/** The same two subgraphs, and four graphs that can be made of them. */
const parts: Readonly<Record<Names, { readonly shop: string; readonly stock: string }>> = {
  'label from the shop': { shop: shopSdl('label: String'), stock: stockSdl('id', 'left: Int!') },
  'label from the stock': { shop: shopSdl(''), stock: stockSdl('id', 'left: Int!, label: String') },
  'label by code': { shop: shopSdl(''), stock: stockSdl('code', 'left: Int!, label: String') },
  'no label': { shop: shopSdl(''), stock: stockSdl('id', 'left: Int!') },
}

const composed = (name: Names) => {
  const { shop, stock } = parts[name]
  const resolvers = {}
  return supergraphOf({ shop: { sdl: shop, resolvers }, stock: { sdl: stock, resolvers } })
}

export const graphs: Readonly<Record<Names, string>> = {
  'label from the shop': composed('label from the shop'),
  'label from the stock': composed('label from the stock'),
  'label by code': composed('label by code'),
  'no label': composed('no label'),
}

type Item = { readonly id: string; readonly code: string }

const itemOf = (id: string): Item => ({ id, code: `code-${id}` })
const byReference = ({ id, code }: Partial<Item>) => itemOf(id ?? (code ?? '').slice(5))

/** The subgraphs as they run, whatever graph is made of them; they count what is done to them. */
export function openShop() {
  const sales = new Map<string, number>()
  const listeners = new Set<(item: Item) => unknown>()
  const opened = { times: 0 }
  const journal: Journal = { asked: [], invalid: [] }
  const label = ({ id }: Item) => `item ${id}`
  const shop = {
    sdl: shopSdl('label: String'),
    resolvers: {
      Query: { items: () => ['1', '2', '3'].map(itemOf) },
      Mutation: {
        sell: (_: unknown, { ticket }: { ticket: string }) => {
          const times = (sales.get(ticket) ?? 0) + 1
          sales.set(ticket, times)
          return times
        },
      },
      Subscription: {
        sold: {
          subscribe: () => {
            opened.times += 1
            return new Repeater<Item>(async (push, stop) => {
              listeners.add(push)
              await stop
              listeners.delete(push)
            })
          },
          resolve: (item: Item) => item,
        },
      },
      Item: { __resolveReference: byReference, label },
    },
  }
  const stock = {
    sdl: `${link}
      type Item @key(fields: "id") @key(fields: "code") { id: ID!, code: ID!, left: Int!, label: String }`,
    resolvers: {
      Item: { __resolveReference: byReference, left: ({ id }: Item) => Number(id) * 10, label },
    },
  }
  const deps = {
    credentials: forwarding([]),
    log: createLog({ service: 'test', write: () => {} }),
  }
  const transports = new Map(
    Object.entries({ shop, stock }).map(([name, subgraph]) => [
      name,
      transportTo({ name, fetch: fetchOf(name, subgraph, journal) }, deps),
    ]),
  )
  return {
    transports,
    journal,
    sales,
    opened,
    /** Tells everybody who listens; false when nobody does. */
    sell: (id: string): boolean => {
      for (const push of listeners) push(itemOf(id))
      return listeners.size > 0
    },
    listeners: () => listeners.size,
  }
}

export type Shop = ReturnType<typeof openShop>

type LiveOptions = { readonly sdl?: string; readonly registered?: readonly string[] }

/** A live graph over the shop, as an app builds it. */
export async function liveShop(
  { transports }: Shop,
  { create }: NamedEngine,
  { sdl = graphs['label from the shop'], registered = [] }: LiveOptions = {},
) {
  const lines: string[] = []
  const log = createLog({ service: 'test', write: (line) => lines.push(line) })
  const metrics = createMetrics('test')
  const operations = registryFrom(
    JSON.stringify(
      registered.map((document) => ({
        ...{ document, hash: sha256(document), name: 'Labels', kind: 'query', client: 'web' },
        contract: 'public',
      })),
    ),
  ).all()
  const build = async (text: string): Promise<{ engine: Engine }> => {
    const supergraph = supergraphFrom(text)
    const engine = create({ supergraph, rules: rulesOf(supergraph), transports })
    await prepareRegistered({ operations, engine, log })
    return { engine }
  }
  return { ...(await createLiveGraph({ sdl, build, log, metrics })), lines, metrics }
}

export const exchange = (signal = new AbortController().signal) =>
  exchangeOf(
    new Request('http://localhost/graphql', { method: 'POST' }),
    { requestId: 'request-1', clientAddress: '192.0.2.7' },
    signal,
  )
