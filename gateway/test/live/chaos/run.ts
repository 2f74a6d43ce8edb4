import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStream } from '#kit/test/bus.memory'
import { graphs, startFeed, startNotes, told } from '../feed.ts'
import { type Followed, follow } from './client.ts'
import { replace, startGateway } from './gateways.ts'
import { startProxy } from './proxy.ts'

export type ChaosOptions = {
  readonly streams: number
  readonly swaps: number
  readonly kills: number
  readonly cuts: number
  /** How long after the one before each of them happens. */
  readonly pauseMs: number
  /** How often each channel tells something. */
  readonly everyMs: number
  /** Nobody remembers where a stream was: neither the subgraph nor the client. */
  readonly twin: boolean
}

export type ChaosReport = {
  readonly events: number
  readonly told: number
  readonly lost: number
  readonly doubled: number
  readonly unordered: number
  /** How often somebody was told to read anew. */
  readonly missed: number
  readonly connections: number
  /** Lines that gateways opened to the subgraph. */
  readonly lines: number
  readonly seconds: number
  readonly rssMb: readonly number[]
  readonly peakMb: readonly number[]
}

const channelsMax = 20

/** Everything that may happen to a stream, in an order that is never the same. */
function planOf({ swaps, kills, cuts }: ChaosOptions) {
  const all = [
    ...Array<'swap'>(swaps).fill('swap'),
    ...Array<'kill'>(kills).fill('kill'),
    ...Array<'cut'>(cuts).fill('cut'),
  ]
  return all.map((act) => ({ act, at: Math.random() })).sort((a, b) => a.at - b.at)
}

async function openWorld({ twin }: ChaosOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'))
  const supergraphFile = join(folder, 'supergraph.graphql')
  await writeFile(supergraphFile, graphs['text from the feed'])
  const bus = memoryStream()('feed')
  const feed = await startFeed({ bus, twin, heartbeatMs: 2_000 })
  const serve = (fetch: (request: Request) => Promise<Response>) =>
    Bun.serve({ port: 0, idleTimeout: 0, fetch })
  const servers = [serve(feed.fetch), serve(startNotes().fetch)]
  const [feedLine, notesLine] = await Promise.all(
    servers.map(({ port }) => startProxy(() => port ?? 0)),
  )
  const lines = [feedLine, notesLine].flatMap((line) => line ?? [])
  const gateways = await Promise.all(
    [0, 1].map(() =>
      startGateway({
        supergraphFile,
        streamKey: streamKey,
        subgraphs: {
          feed: `${feedLine?.origin}/graphql`,
          notes: `${notesLine?.origin}/graphql`,
        },
      }),
    ),
  )
  return { folder, supergraphFile, bus, feed, servers, lines, gateways }
}

const streamKey = randomBytes(32).toString('base64')

type World = Awaited<ReturnType<typeof openWorld>>

/** Does to the world what the plan says, one after the other. */
async function disturb({ gateways, lines, supergraphFile }: World, options: ChaosOptions) {
  const counts = { swap: 0, kill: 0, cut: 0 }
  const acts = {
    swap: () =>
      replace(
        supergraphFile,
        graphs[counts.swap % 2 ? 'text from the notes' : 'text from the feed'],
      ),
    kill: async () => gateways[counts.kill % gateways.length]?.kill(),
    // In turn between clients and a gateway, and between the gateways and the subgraphs.
    cut: async () => (counts.cut % 2 ? gateways[counts.cut % 4 > 1 ? 1 : 0] : lines[0])?.cut(),
  }
  for (const { act } of planOf(options)) {
    counts[act] += 1
    await acts[act]()
    await Bun.sleep(options.pauseMs)
  }
}

async function until(holds: () => boolean, withinMs: number) {
  const deadline = Date.now() + withinMs
  while (!holds() && Date.now() < deadline) await Bun.sleep(20)
  return holds()
}

/** Streams that go on through swaps, kills and cuts, and what became of what they were told. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const world = await openWorld(options)
  const { bus, gateways, feed, lines, servers, folder } = world
  const ending = new AbortController()
  const channels = Array.from({ length: Math.min(channelsMax, options.streams) }, (_, i) => `c${i}`)
  const origins = gateways.map(({ origin }) => origin)
  const { signal } = ending
  const all = Array.from({ length: options.streams }, (_, index) => {
    const channel = channels[index % channels.length] ?? ''
    return follow({ channel, origins, first: index, forgets: options.twin, signal })
  })
  await until(() => all.every(({ isPlaced }) => isPlaced), options.twin ? 2_000 : 60_000)
  const startedAt = performance.now()
  let number = 0
  const telling = setInterval(() => {
    number += 1
    void bus.publish(channels.map((channel) => told(channel, number)))
  }, options.everyMs)
  await disturb(world, options)
  await Bun.sleep(options.everyMs * 2)
  clearInterval(telling)
  await until(() => all.every(({ seen }) => seen.includes(number)), options.twin ? 3_000 : 30_000)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const rssMb = await Promise.all(gateways.map((one) => one.rssMb()))
  const peakMb = gateways.map((one) => one.peakMb())
  const linesOpened = feed.opened()
  ending.abort()
  await Promise.all(gateways.map((one) => one.stop()))
  for (const line of lines) line.stop()
  await feed.stop()
  await Promise.all(servers.map((server) => server.stop(true)))
  await rm(folder, { recursive: true })
  return { ...sumOf(all, number), lines: linesOpened, seconds, rssMb, peakMb }
}

function sumOf(all: readonly Followed[], events: number) {
  const sum = { events, told: 0, lost: 0, doubled: 0, unordered: 0, missed: 0, connections: 0 }
  for (const { seen, missed, connections } of all) {
    const once = new Set(seen)
    sum.told += seen.length
    sum.doubled += seen.length - once.size
    sum.lost += events - once.size
    sum.unordered += seen.filter((one, index) => index > 0 && one < (seen[index - 1] ?? 0)).length
    sum.missed += missed
    sum.connections += connections
  }
  return sum
}
