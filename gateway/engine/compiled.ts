import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  OperationTypeNode,
} from 'graphql'
import { startDeadline } from '../deadline.ts'
import { createRecent } from '../recent.ts'
import type { Rules } from './authorize/rules.ts'
import type { Step } from './compile/index.ts'
import type { Engine, OperationRequest, Prepared, Stream } from './engine.ts'
import { bodyOf, execute, executeEvent, type Merged, type Running } from './execute/index.ts'
import { joinsOf, labelsIn } from './plan/joins.ts'
import { conditionVariablesIn, type Truths } from './prepare/conditions.ts'
import { createEngine, type Operation } from './prepare/index.ts'
import { publicSchemaOf } from './prepare/public-schema.ts'
import { type Graph, type Program, programOf } from './program.ts'
import { project } from './project/index.ts'
import { subscriberOf } from './subscription.ts'
import type { Supergraph } from './supergraph/index.ts'
import type { ErrorPolicy } from './transport/answer.ts'
import type { Transport } from './transport/transport.ts'

export type CompiledDeps = {
  readonly supergraph: Supergraph
  /** Who may read which field; `rulesOf(supergraph)` everywhere but in tests. */
  readonly rules: Rules
  /** By subgraph name. */
  readonly transports: ReadonlyMap<string, Transport>
  /** How long the answer to one event of a subscription may take. */
  readonly eventMs?: number
  /** What clients may read of subgraphs' errors. */
  readonly errors?: ErrorPolicy
  /** For `@override(label: "percent(…)")`, drawn once a request: from 0 up to 1. */
  readonly random?: () => number
}

const programsMax = 32
const eventDefaultMs = 10_000

type Compiling = Graph & {
  readonly eventMs: number
  readonly errors: ErrorPolicy
  readonly labels: Labels
}

/** Turns an operation once into a plan and generated code, and answers it from then on by that. */
export function createCompiledEngine(deps: CompiledDeps): Engine {
  const { supergraph, rules, transports, errors = 'closed', eventMs = eventDefaultMs } = deps
  const { document, subgraphNames } = supergraph
  const joins = joinsOf(document)
  const schema = publicSchemaOf(document)
  const transportTo = (graph: string): Transport => {
    const name = subgraphNames.get(graph) ?? graph
    const transport = transports.get(name)
    if (!transport) throw new Error(`There is no transport to subgraph ${name}.`)
    return transport
  }
  for (const graph of subgraphNames.keys()) transportTo(graph)
  const compiling: Compiling = {
    ...{ schema, rules, joins, transportTo, errors, eventMs },
    fieldNames: new Set([...joins.values()].flatMap(({ fields }) => [...fields.keys()])),
    labels: labelsOf(labelsIn(joins), deps.random ?? Math.random),
  }
  return createEngine({ schema, rules, answererOf: (one) => answererOf(compiling, one) })
}

const percent = /^percent\((\d+(?:\.\d+)?)\)$/

type Labels = {
  /** Drawn for one request: a label of 10 percent holds whenever one of 5 does. */
  readonly now: () => ReadonlySet<string>
  /** All that may be drawn. */
  readonly sets: readonly ReadonlySet<string>[]
}

/** A label of another form never holds: nobody here decides about it. */
function labelsOf(labels: ReadonlySet<string>, random: () => number): Labels {
  const shares = [...labels].flatMap((label) => {
    const [, share] = percent.exec(label) ?? []
    return share === undefined ? [] : [{ label, share: Number(share) / 100 }]
  })
  const above = (drawn: number): ReadonlySet<string> =>
    new Set(shares.filter(({ share }) => drawn < share).map(({ label }) => label))
  const sets = [0, ...shares.map(({ share }) => share)].map(above)
  const [none = new Set<string>()] = shares.length === 0 ? sets : []
  return { sets, now: () => (shares.length === 0 ? none : above(random())) }
}

type ProgramFor = (truths: Truths, labels?: ReadonlySet<string>) => Program

function answererOf(compiling: Compiling, operation: Operation) {
  const programFor = programsOf(compiling, operation)
  const read = readerOf(compiling.schema, operation)
  // A plan that nobody can make is refused before it is needed.
  if (read.conditions.length === 0) programFor(new Map())
  const run: Prepared['execute'] = async (request) => {
    const given = read(request)
    if ('errors' in given) return given
    const program = programFor(given.truths)
    const merged = await execute(runningOf(compiling, program, request))
    return resultOf(program, merged, request)
  }
  const stream = streamOf(compiling, { operation, programFor, read })
  return stream
    ? { execute: run, subscribe: subscriberOf(stream), stream }
    : { execute: run, subscribe: run }
}

/** One program for each way in which conditions and labels can come out. */
function programsOf(compiling: Compiling, operation: Operation): ProgramFor {
  const programs = createRecent<string, Program>(programsMax)
  return (truths, labels = compiling.labels.now()) => {
    const key = truths.size + labels.size === 0 ? '' : JSON.stringify([[...truths], [...labels]])
    return programs.of(key, () => programOf(compiling, operation, { truths, labels }))
  }
}

type Given = { readonly truths: Truths } | { readonly errors: readonly GraphQLError[] }

/** Reads what the client gave for the variables. */
function readerOf(schema: GraphQLSchema, { document, definition }: Operation) {
  const conditions = conditionVariablesIn(document)
  const definitions = definition.variableDefinitions ?? []
  const plain = { truths: new Map<string, boolean>() }
  const read = ({ variables }: OperationRequest): Given => {
    if (definitions.length === 0) return plain
    const { errors, coerced } = getVariableValues(schema, definitions, variables)
    if (errors) return { errors }
    if (conditions.length === 0) return plain
    return { truths: new Map(conditions.map((name) => [name, coerced[name] === true])) }
  }
  return Object.assign(read, { conditions })
}

const runningOf = (
  { errors }: Compiling,
  { steps }: Program,
  { variables, exchange }: OperationRequest,
): Running => ({ steps, variables, exchange, errors })

function resultOf(
  program: Program,
  merged: Merged,
  { variables }: OperationRequest,
): ExecutionResult {
  const introspection = program.introspect(variables)
  if (merged.failures.isEmpty()) {
    const data = program.fast(merged.data, introspection)
    // Generated from the shape of the operation, so that it is a tree of the client's names.
    if (data !== undefined) return { data: data as Record<string, unknown> }
  }
  return project(program.shape, merged, introspection)
}

type Streaming = {
  readonly operation: Operation
  readonly programFor: ProgramFor
  readonly read: (request: OperationRequest) => Given
}

/** Undefined when nothing to subscribe to is left. */
function streamOf(compiling: Compiling, streaming: Streaming): Stream | undefined {
  const { operation, programFor, read } = streaming
  if (operation.definition.operation !== OperationTypeNode.SUBSCRIPTION) return undefined
  if (programFor(new Map()).steps.length === 0) return undefined
  return {
    open: async (request) => {
      const given = read(request)
      if ('errors' in given) return given
      const program = programFor(given.truths)
      const [first] = program.steps
      const running = runningOf(compiling, program, request)
      if (!first) return resultOf(program, await execute(running), request)
      const body = bodyOf(first, request.variables)
      const events = await opened(first, body, request)
      if (typeof events !== 'string' && !(events instanceof Error)) return { asked: body, events }
      const { errors, ...result } = resultOf(program, await executeEvent(running, events), request)
      // Nothing has begun that data could be of. Source: GraphQL, September 2025, 6.2.3.1.
      return errors ? { errors } : result
    },
    answer: async (event, { asked }, request) => {
      const given = read(request)
      if ('errors' in given) return given
      // Labels are drawn once a stream; which ones, what it asked for tells.
      const program = compiling.labels.sets
        .map((labels) => programFor(given.truths, labels))
        .find(({ steps: [first] }) => first && bodyOf(first, request.variables) === asked)
      if (!program) return null
      const { signal, clear } = startDeadline(request.exchange.signal, compiling.eventMs)
      const exchange = { ...request.exchange, signal }
      const running = runningOf(compiling, program, { ...request, exchange })
      return resultOf(program, await executeEvent(running, event).finally(clear), request)
    },
  }
}

/** A subgraph that does not open the stream gives an answer without data. */
async function opened({ transport, kind }: Step, body: string, { exchange }: OperationRequest) {
  try {
    return await transport({ body, kind }, exchange)
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}
