import { buildSubgraphSchema } from '@apollo/subgraph'
import { type ExecutionResult, parse } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { Bus, OutboxEvent } from '#kit/bus'
import { errorResponse, publicError } from '#kit/errors'
import { type Following, followingOf } from '#kit/following'
import { createLive } from '#kit/live'
import { createLog } from '#kit/log'
import { type Streaming, useSubscriptions as subscriptionsWith } from '#kit/subscription'
import { link } from '../federation/harness/link.ts'
import { supergraphOf } from '../federation/harness/world.ts'

const topic = 'feed.number-told'
const log = createLog({ service: 'feed', level: 'silent' })

const feedSdl = (text: string) => `${link}
type Query { ready: Boolean! }
type Subscription { told(channel: String!): Told }
type Told @key(fields: "number") { number: Int! ${text} }
`
const notesSdl = (fields: string) => `${link}
type Query { notes: Int! }
type Told @key(fields: "number") { number: Int! ${fields} }
`

const composed = (feed: string, notes: string) => {
  const resolvers = {}
  return supergraphOf({ feed: { sdl: feed, resolvers }, notes: { sdl: notes, resolvers } })
}

/** Graphs of the same two subgraphs. Who asks for `text` opens another line in each of the first two. */
export const graphs = {
  'text from the feed': composed(feedSdl('text: String'), notesSdl('note: String')),
  'text from the notes': composed(feedSdl(''), notesSdl('text: String, note: String')),
  'no text': composed(feedSdl(''), notesSdl('note: String')),
} as const

const text = ({ number }: { number: number }) => `number ${number}`

/** One number, as an event on the bus. */
export const told = (channel: string, number: number, at = new Date()): OutboxEvent => ({
  id: Bun.randomUUIDv7(),
  entityId: Bun.randomUUIDv7(),
  ...{ topic, payload: { channel, number }, headers: {}, at },
})

const masked = ({ errors, ...result }: ExecutionResult): ExecutionResult => ({
  ...result,
  ...(errors && { errors: errors.map((error) => publicError(error, 'request-1')) }),
})

type Payload = { readonly channel: string; readonly number: number }
// What `told` has put there.
const payloadOf = ({ payload }: Pick<OutboxEvent, 'payload'>) => payload as Payload

type Module = Parameters<typeof buildSubgraphSchema>[0]
// Apollo's type for resolvers wants each context to be `unknown`.
type ApolloResolvers = Module extends { resolvers?: infer Map } ? Map : never

type Context = Streaming & { readonly following: Following; readonly channel: string }

/** A twin has no ids: nobody can go on with its streams. */
type FeedOptions = { readonly bus: Bus; readonly heartbeatMs?: number; readonly twin?: boolean }

/** A subgraph that tells numbers as they are published on its bus. */
export async function startFeed({ bus, heartbeatMs = 1_000, twin = false }: FeedOptions) {
  const live = createLive({
    topics: [topic],
    log,
    channelsOf: (event) => [payloadOf(event).channel],
    waitingMax: 8,
  })
  const reading = await live.follow(bus)
  let listening = 0
  const resolvers = {
    Query: { ready: () => true },
    Subscription: {
      told: {
        subscribe: (_: unknown, { channel }: { channel: string }, { following }: Context) => {
          listening += 1
          following.signal.addEventListener('abort', () => (listening -= 1), { once: true })
          return live.listen(channel, following)
        },
        resolve: payloadOf,
      },
    },
    Told: { text },
  }
  const typeDefs = parse(feedSdl('text: String'))
  const yoga = createYoga<Context>({
    schema: buildSubgraphSchema({ typeDefs, resolvers: resolvers as ApolloResolvers }),
    logging: false,
    maskedErrors: false,
    plugins: [subscriptionsWith(heartbeatMs)],
  })
  let opened = 0
  const fetch = async (request: Request): Promise<Response> => {
    const left = new AbortController()
    if (twin) request.headers.delete('last-event-id')
    opened += 1
    try {
      const following = followingOf(request.headers.get('last-event-id'), left.signal)
      const place = twin ? followingOf(null, left.signal).place : following.place
      const streaming = { place, masked, fresh: () => ({}), left: () => left.abort() }
      // The rest is made by graphql-yoga itself.
      return await yoga.fetch(request, { streaming, following } as Context)
    } catch (error) {
      return errorResponse(error, 'request-1')
    }
  }
  return { fetch, opened: () => opened, listening: () => listening, stop: reading.stop }
}

/** A subgraph that knows more of a number. */
export function startNotes() {
  const resolvers = {
    Query: { notes: () => 0 },
    Told: {
      __resolveReference: (reference: { number: number }) => reference,
      text,
      note: ({ number }: { number: number }) => `note ${number}`,
    },
  }
  const typeDefs = parse(notesSdl('text: String, note: String'))
  const schema = buildSubgraphSchema({ typeDefs, resolvers })
  const yoga = createYoga({ schema, logging: false, maskedErrors: false })
  return { fetch: async (request: Request): Promise<Response> => yoga.fetch(request) }
}
