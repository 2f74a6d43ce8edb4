import { type ExecutionResult, OperationTypeNode } from 'graphql'
import { operationIn } from '#kit/document/operation'
import { startDeadline } from '../deadline.ts'
import { createRecent, type Recent } from '../recent.ts'
import { fieldsIn } from './authorize/index.ts'
import type { Rules } from './authorize/rules.ts'
import type { Step } from './compile/index.ts'
import type { Engine, OperationRequest, Prepared, Stream } from './engine.ts'
import { bodyOf, execute, executeEvent, type Merged, type Running } from './execute/index.ts'
import { joinsOf, labelsIn } from './plan/joins.ts'
import { printPlan } from './plan/print.ts'
import type { Truths } from './prepare/conditions.ts'
import { type Given, readerOf } from './prepare/given.ts'
import { createEngine, type Operation } from './prepare/index.ts'
import { type Labels, labelsOf } from './prepare/labels.ts'
import { publicSchemaOf } from './prepare/public-schema.ts'
import { withComposed } from './prepare/scalar-literals.ts'
import { type Graph, type Program, plannedFor, programOf } from './program.ts'
import { project } from './project/index.ts'
import { subscriberOf } from './subscription.ts'
import { cacheHintsOf } from './supergraph/cache-hints.ts'
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

const programsMax = 2_000
const bytesMax = 96 * 1_048_576

/** Plan and generated code, as 20,000 small operations took them of the process. */
const bytesOf = ({ steps }: Program) =>
  steps.reduce((sum, { opening }) => sum + 24_576 + opening.length * 50, 32_768)

const eventDefaultMs = 10_000

type Compiling = Graph & {
  readonly eventMs: number
  readonly errors: ErrorPolicy
  readonly labels: Labels
  /** All that is compiled, under the number of its operation. */
  readonly programs: Recent<string, Program>
  readonly count: () => number
}

/** Turns an operation once into a plan and generated code, and answers it from then on by that. */
export function createCompiledEngine(deps: CompiledDeps): Engine {
  const { supergraph, rules, transports, errors = 'closed', eventMs = eventDefaultMs } = deps
  const { document, subgraphNames } = supergraph
  const joins = joinsOf(document)
  const schema = publicSchemaOf(document)
  let operations = 0
  const nameOf = (graph: string) => subgraphNames.get(graph) ?? graph
  const transportTo = (graph: string): Transport => {
    const name = nameOf(graph)
    const transport = transports.get(name)
    if (!transport) throw new Error(`There is no transport to subgraph ${name}.`)
    return transport
  }
  for (const graph of subgraphNames.keys()) transportTo(graph)
  const hints = cacheHintsOf(document)
  const compiling: Compiling = {
    ...{ schema, rules, joins, hints, transportTo, nameOf, errors, eventMs },
    fieldNames: new Set([...joins.values()].flatMap(({ fields }) => [...fields.keys()])),
    labels: labelsOf(labelsIn(joins), deps.random ?? Math.random),
    programs: createRecent<string, Program>(programsMax, { bytesMax, bytesOf }),
    count: () => operations++,
  }
  return createEngine({
    schema,
    rules,
    hints,
    answererOf: (one) => answererOf(compiling, one),
  })
}

type ProgramFor = (truths: Truths, labels?: ReadonlySet<string>) => Program

function answererOf(compiling: Compiling, written: Operation) {
  const { schema } = compiling
  const { document, composed } = withComposed(schema, written.document)
  const operation = { ...written, document, definition: operationIn(document, null) }
  const programFor = programsOf(compiling, operation)
  const { definition } = written
  const { read, hasConditions } = readerOf({ schema, definition, composed }, operation)
  // A plan that nobody can make is refused before it is needed.
  if (!hasConditions) programFor(new Map())
  const run: Prepared['execute'] = async (asked) => {
    const given = read(asked)
    if ('errors' in given) return given
    const { truths, request } = given
    const program = programFor(truths)
    const merged = await execute(runningOf(compiling, program, request))
    return resultOf(program, merged, request)
  }
  const explain = explainerOf(compiling, operation, read)
  const stream = streamOf(compiling, { operation, programFor, read })
  return stream
    ? { execute: run, subscribe: subscriberOf(stream), stream, explain }
    : { execute: run, subscribe: run, explain }
}

type Explain = Required<Prepared>['explain']

/** Planned anew each time: few ask, and what is kept of a plan is what runs. */
const explainerOf =
  (compiling: Compiling, operation: Operation, read: Streaming['read']): Explain =>
  async (asked) => {
    const given = read(asked)
    if ('errors' in given) return given
    const { schema, rules, labels, nameOf } = compiling
    const { plan } = plannedFor(compiling, operation, {
      truths: given.truths,
      labels: labels.now(),
    })
    const { document, denied } = operation
    const isDenied = (field: string) => {
      const rule = rules.get(field)
      return rule !== undefined && denied.has(rule)
    }
    return {
      fetches: printPlan(plan.requests, nameOf),
      denied: [...fieldsIn(schema, document)].filter(isDenied),
    }
  }

/** One program for each way in which conditions and labels can come out. */
function programsOf(compiling: Compiling, operation: Operation): ProgramFor {
  const { programs } = compiling
  const id = compiling.count()
  const usual = `${id}`
  return (truths, labels = compiling.labels.now()) => {
    const isUsual = truths.size + labels.size === 0
    const key = isUsual ? usual : `${id} ${JSON.stringify([[...truths], [...labels]])}`
    return programs.of(key, () => programOf(compiling, operation, { truths, labels }))
  }
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
  const introspect = program.introspect(variables)
  if (merged.failures.isEmpty()) {
    const data = program.fast(merged.data, introspect)
    // Generated from the shape of the operation, so that it is a tree of the client's names.
    if (data !== undefined) return { data: data as Record<string, unknown> }
  }
  return project(program.shape, merged, introspect)
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
    open: async (asked) => {
      const given = read(asked)
      if ('errors' in given) return given
      const { truths, request } = given
      const program = programFor(truths)
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
    answer: async (event, { asked: body }, asked) => {
      const given = read(asked)
      if ('errors' in given) return given
      const { truths, request } = given
      // Labels are drawn once a stream; which ones, what it asked for tells.
      const program = compiling.labels.sets
        .map((labels) => programFor(truths, labels))
        .find(({ steps: [first] }) => first && bodyOf(first, request.variables) === body)
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
