import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@theguild/federation-composition'
import { buildSchema, graphql, parse } from 'graphql'
import { tableOf } from './table.ts'

const swapsUnderLoad = 100
const swapsInAll = 1_000
const requestsPerSecond = 500

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'

/** Two graphs of one subgraph that answer alike; what else they hold makes them different texts. */
function supergraphOf(version: number, url: string): string {
  const typeDefs = parse(`${link}
    type Query { item(id: ID!): Item, version${version}: Int }
    type Mutation { sell(id: ID!): Int! }
    type Item @key(fields: "id") { id: ID!, name: String }`)
  const { supergraphSdl } = composeServices([{ name: 'shop', typeDefs, url }])
  if (!supergraphSdl) throw new Error('The graph does not compose.')
  return supergraphSdl
}

const shopSchema = buildSchema(`
  type Query { item(id: ID!): Item }
  type Mutation { sell(id: ID!): Int! }
  type Item { id: ID!, name: String }
`)

function serveShop() {
  const sales = new Map<string, number>()
  const rootValue = {
    item: ({ id }: { id: string }) => ({ id, name: 'a thing' }),
    sell: ({ id }: { id: string }) => {
      const times = (sales.get(id) ?? 0) + 1
      sales.set(id, times)
      return times
    },
  }
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { query, variables } = await request.json()
      const asked = { schema: shopSchema, source: query, rootValue, variableValues: variables }
      return Response.json(await graphql(asked))
    },
  })
  return { sales, server, url: `http://127.0.0.1:${server.port}/graphql` }
}

const queryText = 'query ($id: ID!) { item(id: $id) { id name } }'
const saleText = 'mutation ($id: ID!) { sell(id: $id) }'

type Tally = { sent: number; failed: number; wrong: number }

/** One of the two, at random enough: every second request is a mutation of its own. */
async function send(origin: string, tally: Tally): Promise<void> {
  const number = tally.sent++
  const isSale = number % 2 === 1
  const id = `t${number}`
  const wanted = isSale ? { sell: 1 } : { item: { id, name: 'a thing' } }
  try {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: isSale ? saleText : queryText, variables: { id } }),
    })
    if ((await response.text()) !== JSON.stringify({ data: wanted })) tally.wrong += 1
  } catch {
    tally.failed += 1
  }
}

/** Sends on time, whether or not the answers keep up. */
function startLoad(origin: string, tally: Tally) {
  const startedAt = performance.now()
  const pending = new Set<Promise<void>>()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * requestsPerSecond
    while (tally.sent < due) {
      const one = send(origin, tally).finally(() => pending.delete(one))
      pending.add(one)
    }
  }, 5)
  return async () => {
    clearInterval(timer)
    await Promise.all(pending)
    return tally.sent / ((performance.now() - startedAt) / 1_000)
  }
}

async function untilAnswered<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 2_000; tries++) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    await Bun.sleep(10)
  }
  throw new Error('Nothing happened for 20 s.')
}

/** What 1,000 swaps do to the requests in between, and to the memory of the process. */
export async function swap(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-swap-'))
  const file = join(folder, 'supergraph.graphql')
  const { sales, server, url } = serveShop()
  const graphs = [supergraphOf(1, url), supergraphOf(2, url)]
  await writeFile(file, graphs[0] ?? '')
  const [port, metricsPort] = [14_700, 14_701]
  const origin = `http://127.0.0.1:${port}`
  const gateway = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, '../gateway/standalone/main.ts'),
      '--supergraph',
      file,
    ].concat(['--port', String(port), '--metrics-port', String(metricsPort)]),
    { env: { ...Bun.env, LOG_LEVEL: 'warn', SUPERGRAPH_POLL_MS: '60000' }, stdout: 'ignore' },
  )
  const swapped = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    return Number(/supergraph_offers_total\{outcome="swapped"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0)
  }
  const swapTo = async (turn: number) => {
    await writeFile(`${file}.next`, graphs[turn % 2] ?? '')
    await rename(`${file}.next`, file)
    await untilAnswered(async () => ((await swapped()) >= turn ? true : undefined))
  }
  const residentMb = async () => {
    const status = await Bun.file(`/proc/${gateway.pid}/status`).text()
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
  }
  const tally: Tally = { sent: 0, failed: 0, wrong: 0 }
  try {
    await untilAnswered(async () => ((await fetch(`${origin}/readyz`)).ok ? true : undefined))
    const stopLoad = startLoad(origin, tally)
    for (let turn = 1; turn <= swapsUnderLoad; turn++) await swapTo(turn)
    const rate = await stopLoad()
    const rss: number[] = [await residentMb()]
    for (let turn = swapsUnderLoad + 1; turn <= swapsInAll; turn++) {
      await swapTo(turn)
      if (turn % 300 === 100) rss.push(await residentMb())
    }
    const twice = [...sales.values()].filter((times) => times > 1).length
    return tableOf(
      [`${swapsUnderLoad} swaps under load, then ${swapsInAll - swapsUnderLoad} more`, ''],
      [
        ['requests a second', rate],
        ['requests', String(tally.sent)],
        ['failed (goal 0)', String(tally.failed)],
        ['wrong (goal 0)', String(tally.wrong)],
        ['mutations that ran twice (goal 0)', String(twice)],
        [
          'memory after 100, 400, 700 and 1,000 swaps, MB',
          rss.map((mb) => mb.toFixed(0)).join(', '),
        ],
      ],
    )
  } finally {
    gateway.kill()
    await gateway.exited
    await server.stop(true)
    await rm(folder, { recursive: true, force: true })
  }
}
