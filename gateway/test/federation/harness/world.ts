import { composeServices } from '@theguild/federation-composition'
import { type ExecutionResult, parse } from 'graphql'
import { AppError } from '#kit/errors'
import { createMinter, generateIdentityKeys, type Viewer } from '#kit/identity-token'
import { createLog } from '#kit/log'
import { type Rules, rulesOf } from '../../../engine/authorize/rules.ts'
import { type Engine, variantOf } from '../../../engine/engine.ts'
import { supergraphFrom } from '../../../engine/supergraph/index.ts'
import { mintedBy } from '../../../engine/transport/credentials.ts'
import { transportTo } from '../../../engine/transport/index.ts'
import type { Transport } from '../../../engine/transport/transport.ts'
import { type Exchange, exchangeOf } from '../../../exchange.ts'
import type { Case, ExpectedAnswer } from './case.ts'
import type { NamedEngine } from './engines.ts'
import { fetchOf, type Journal, type SubgraphModule } from './subgraph.ts'

export type Subgraphs = Readonly<Record<string, SubgraphModule>>

export type Way = 'local' | 'http'
export const ways: readonly Way[] = ['local', 'http']

/** Some subgraphs, and every engine in front of them in every way. */
export type World = {
  readonly journal: Journal
  /** By other rules than the supergraph's own, for the twin of a graph that they protect. */
  engine(of: NamedEngine, way: Way, rules?: Rules): Engine
  stop(): Promise<void>
}

const identityKeys = await generateIdentityKeys('test')

/** Throws with composition's own words when the subgraphs do not fit. */
export function supergraphOf(subgraphs: Subgraphs): string {
  const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({
    name,
    typeDefs: parse(sdl),
    url: `http://${name}.local/graphql`,
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

/**
 * One server, with a path for each subgraph; nothing listens before an engine needs it. A
 * supergraph is given where another composition than ours made it.
 */
export function worldOf(subgraphs: Subgraphs, sdl = supergraphOf(subgraphs)): World {
  const journal: Journal = { asked: [], invalid: [] }
  const fetches = new Map(
    Object.entries(subgraphs).map(([name, module]) => [name, fetchOf(name, module, journal)]),
  )
  const supergraph = supergraphFrom(sdl)
  const ownRules = rulesOf(supergraph)
  const log = createLog({ service: 'test', write: () => {} })
  const minter = createMinter({ privateJwk: identityKeys.private, now: () => new Date() })
  const server = onDemand(() =>
    Bun.serve({
      port: 0,
      fetch: (request) =>
        fetches.get(new URL(request.url).pathname.slice(1))?.(request) ??
        new Response(null, { status: 404 }),
    }),
  )

  const transportDeps = { credentials: mintedBy(minter), log }
  const transportsOf: Record<Way, (name: string) => Transport> = {
    local: (name) =>
      transportTo({ name, fetch: fetches.get(name) ?? unknownSubgraph }, transportDeps),
    http: (name) => {
      const url = `http://127.0.0.1:${server.get().port}/${name}`
      return transportTo({ name, url }, transportDeps)
    },
  }
  return {
    journal,
    engine: ({ create }, way, rules = ownRules) => {
      const transports = new Map([...fetches.keys()].map((name) => [name, transportsOf[way](name)]))
      return create({ supergraph, rules, transports })
    },
    stop: async () => server.stop((one) => one.stop(true)),
  }
}

const unknownSubgraph = () => Promise.reject(new Error('There is no such subgraph.'))

function onDemand<T>(make: () => T) {
  let made: T | undefined
  return {
    get: (): T => {
      made ??= make()
      return made
    },
    stop: async (end: (made: T) => Promise<unknown>) => {
      if (made) await end(made)
    },
  }
}

/** What came of an operation: that it was refused, events, or an answer. */
export type Outcome =
  | { readonly refusal: string }
  | { readonly events: readonly ExpectedAnswer[] }
  | ExpectedAnswer

export async function outcomeOf(engine: Engine, asked: Case): Promise<Outcome> {
  const { operation, operationName = null, variables = {} } = asked
  const exchange = exchangeFor(asked)
  const prepared = await engine
    .prepare(operation, operationName, variantOf(exchange.viewer))
    .catch(refusalFrom)
  if ('refusal' in prepared) return prepared
  if (prepared.kind !== 'subscription')
    return plainAnswer(await prepared.execute({ variables, exchange }))
  const opened = await prepared.subscribe({ variables, exchange })
  if (!(Symbol.asyncIterator in opened)) return plainAnswer(opened)
  return { events: await allOf(opened) }
}

/** A stream that breaks off has a last answer without data. */
async function allOf(stream: AsyncIterable<ExecutionResult>): Promise<ExpectedAnswer[]> {
  const events: ExpectedAnswer[] = []
  try {
    for await (const event of stream) events.push(plainAnswer(event))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    events.push({ errors: [{ path: null, message: error.message, code: error.code }] })
  }
  return events
}

const refusalFrom = (error: unknown): { refusal: string } => {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
  return { refusal: errors.map((one) => (one instanceof Error ? one.message : one)).join('\n') }
}

type Told = {
  readonly message: string
  readonly path?: readonly (string | number)[] | undefined
  readonly extensions: Readonly<Record<string, unknown>>
}

/** The errors as a client sees them. */
const plainAnswer = ({
  data,
  errors = [],
}: {
  readonly data?: unknown
  readonly errors?: readonly Told[]
}): ExpectedAnswer => ({
  data,
  errors: errors.map(({ message, path, extensions: { code } }) => ({
    path: path ?? null,
    message,
    ...(code !== undefined && { code: String(code) }),
  })),
})

function exchangeFor({ scopes }: Case): Exchange {
  const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
  const request = new Request('http://gateway.local/graphql')
  const exchange = exchangeOf(request, info, new AbortController().signal)
  const viewer: Viewer | null = scopes
    ? {
        id: '00000000-0000-7000-8000-000000000001',
        roles: [],
        scopes: new Set(scopes),
        acr: '1',
        actor: null,
        sessionId: 'session-1',
      }
    : null
  return { ...exchange, viewer, credential: viewer ? 'session' : 'anonymous' }
}
