import type { ExecutionResult } from 'graphql'
import { OperationTypeNode } from 'graphql'
import { createLog } from '#kit/log'
import { rulesOf } from '../../engine/authorize/rules.ts'
import { createCompiledEngine } from '../../engine/compiled.ts'
import type { Engine } from '../../engine/engine.ts'
import { createStitchedEngine, type StitchedDeps } from '../../engine/stitched/index.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { type TransportDeps, transportTo } from '../../engine/transport/index.ts'
import type { Transport } from '../../engine/transport/transport.ts'
import { exchangeOf } from '../../exchange.ts'
import { hashOf } from './choices.ts'
import type { Model } from './model.ts'
import type { Drawn } from './operation.ts'
import type { Answers } from './oracle.ts'
import type { Caller } from './roles.ts'
import { type Servers, sent } from './servers.ts'
import { type Subgraph, subgraphsOf } from './subgraphs.ts'
import type { Run } from './world.ts'

type EngineDeps = StitchedDeps & { readonly random: () => number }

/** The engines that must agree with the one plain schema. */
export const engines: Readonly<Record<string, (deps: EngineDeps) => Engine>> = {
  stitched: createStitchedEngine,
  compiled: createCompiledEngine,
}

/** `text` is a subgraph without even a request around the text. */
export const ways = ['text', 'local', 'http'] as const
export type Way = (typeof ways)[number]

const deps: TransportDeps = {
  credentials: { areOurs: true, headersFor: () => ({}) },
  log: createLog({ service: 'gateway', write: () => {} }),
  // A subgraph that fails does so because it is asked what it cannot answer: it says so every time.
  settings: { sharing: false, retriesMax: 0, breaker: null },
}

const transports: Readonly<Record<Way, (subgraph: Subgraph, servers: Servers) => Transport>> = {
  text:
    ({ answer }) =>
    async ({ body, kind }) => {
      const told = await answer(body, kind)
      return typeof told === 'string' ? told : withoutIds(told)
    },
  local: (subgraph) => {
    const fetch = async (request: Request) => sent(subgraph, await request.text())
    return transportTo({ name: subgraph.name, fetch }, deps)
  },
  http: (subgraph, servers) =>
    transportTo({ name: subgraph.name, url: servers.urlOf(subgraph) }, deps),
}

async function* withoutIds(texts: AsyncIterable<string>) {
  for await (const data of texts) yield { data, id: null }
}

/** How requests go at the time. */
type Taken = {
  way: Way
  /** What the subgraph that is down gives. */
  death: () => string
  /** The subgraphs that were asked. */
  readonly asked: Set<string>
}

export type Bench = {
  readonly model: Model
  readonly run: Run
  readonly taken: Taken
  /** The answers of an engine; it is made when it is first asked. */
  readonly answers: (engine: string, way: Way, drawn: Drawn, caller: Caller) => Promise<Answers>
}

/** One supergraph with its subgraphs, and engines that change between the kinds of transport. */
export function benchOf(model: Model, run: Run, servers: Servers): Bench {
  const supergraph = supergraphFrom(model.supergraph)
  const rules = rulesOf(supergraph)
  const subgraphs = subgraphsOf(model, run)
  const taken: Taken = { way: 'text', death: () => '', asked: new Set() }
  const made = new Map<string, Engine>()
  const engineOf = (name: string): Engine => {
    const create = engines[name]
    if (!create) throw new Error(`There is no engine ${name}.`)
    const known = made.get(name)
    const engine =
      known ??
      create({
        ...{ supergraph, rules, random: () => drawnBy(run) },
        transports: new Map(
          subgraphs.map((subgraph) => [subgraph.name, switched(subgraph, { servers, taken, run })]),
        ),
      })
    made.set(name, engine)
    return engine
  }
  return {
    ...{ model, run, taken },
    answers: async (name, way, drawn, caller) => {
      taken.way = way
      return answersOf(engineOf(name), drawn, caller)
    },
  }
}

type Switching = { readonly servers: Servers; readonly taken: Taken; readonly run: Run }

/** A transport that goes the way that is taken at the time. */
function switched(subgraph: Subgraph, { servers, taken, run }: Switching): Transport {
  const made = new Map<Way, Transport>()
  return async (request, exchange) => {
    taken.asked.add(subgraph.name)
    if (run.dead === subgraph.name) return taken.death()
    const transport = made.get(taken.way) ?? transports[taken.way](subgraph, servers)
    made.set(taken.way, transport)
    return transport(request, exchange)
  }
}

/** The same draws each time that an operation is run. */
function drawnBy(run: Run): number {
  run.draws += 1
  return hashOf(`draw ${run.draws}`) / 2 ** 32
}

const never = new AbortController().signal

async function answersOf(
  engine: Engine,
  drawn: Drawn,
  { viewer, variant }: Caller,
): Promise<Answers> {
  const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
  const exchange = exchangeOf(new Request('http://localhost/graphql'), info, never)
  exchange.viewer = viewer
  const { document, operationName, variables } = drawn
  const prepared = await engine.prepare(document, operationName, variant)
  const request = { variables, exchange }
  if (drawn.kind !== OperationTypeNode.SUBSCRIPTION)
    return [asSent(await prepared.execute(request))]
  const result = await prepared.subscribe(request)
  if (!(Symbol.asyncIterator in result)) return [asSent(result)]
  const answers: ExecutionResult[] = []
  for await (const answer of result) answers.push(asSent(answer))
  return answers
}

/** What the client gets to see. */
const asSent = (result: ExecutionResult): ExecutionResult => JSON.parse(JSON.stringify(result))
