import { GraphQLError, parse } from 'graphql'
import type { Exchange, Fetched } from '../../exchange.ts'
import type { Step } from '../compile/index.ts'
import { inClientWords } from '../errors.ts'
import { mergeInto } from '../merge.ts'
import type { KeyTree } from '../plan/fetch.ts'
import { type Answer, answerFrom, type ErrorPolicy } from '../transport/answer.ts'
import { isBranch, type Tree } from '../tree.ts'
import { type Asked, askedOf } from './ask-entities.ts'
import { createFailures, type Failures, type Report } from './failures.ts'
import { inOrder } from './order.ts'
import { missingOf } from './remember.ts'
import { underKeys } from './rename.ts'

export type Variables = Readonly<Record<string, unknown>>

/** What one run of an operation has to go on. */
export type Running = {
  readonly steps: readonly Step[]
  readonly variables: Variables
  readonly exchange: Exchange
  readonly errors: ErrorPolicy
}

/** All that the subgraphs said, merged under the keys of the plan, and what went wrong. */
export type Merged = {
  readonly data: Tree
  readonly failures: Failures
  /** What clients may read of what is wrong with it. */
  readonly policy: ErrorPolicy
}

const nothingYet = ({ errors: policy }: Running): Merged => ({
  ...{ data: {}, policy },
  failures: createFailures(),
})

/** Asks the subgraphs, each as soon as what it needs is there. Rejects for a fault of our own only. */
export async function execute(running: Running): Promise<Merged> {
  const merged = nothingYet(running)
  await inOrder(running.steps, (step) => runStep(running, merged, step))
  return merged
}

/** The rest of a subscription's plan, for one event, or for why there is none. */
export async function executeEvent(running: Running, event: string | Error): Promise<Merged> {
  const merged = nothingYet(running)
  const [first] = running.steps
  if (!first) return merged
  const answer = event instanceof Error ? failed(event) : readOf(event, running, first)
  takeRoot(merged, { step: first, answer })
  const done = Promise.resolve()
  await inOrder(running.steps, (step) => (step === first ? done : runStep(running, merged, step)))
  return merged
}

function runStep(running: Running, merged: Merged, step: Step): Promise<void> {
  return step.walk ? runRoot(running, merged, step) : runEntities(running, merged, step)
}

async function runRoot(running: Running, merged: Merged, step: Step): Promise<void> {
  const sent = { body: bodyOf(step, running.variables), entities: null }
  takeRoot(merged, { step, answer: await answerOf(running, step, sent) })
}

type Root = { readonly step: Step; readonly answer: Answer }

const reportOf = (error: GraphQLError, keys: KeyTree): Report => ({
  ...{ error, keys },
  path: error.path ?? [],
})

function takeRoot({ data, failures }: Merged, { step, answer }: Root): void {
  const { data: said, errors } = answer
  const objects: Tree[] = []
  step.walk?.(data, (object) => objects.push(object))
  for (const object of objects) {
    if (said) mergeInto(object, said)
    for (const error of errors) failures.add(object, reportOf(error, step.keys))
    if (said) continue
    // One that says where it happened is told there; what else is missing is so because of it.
    const isPlaced = errors.some(
      ({ path }) => typeof path?.[0] === 'string' && step.keys.has(path[0]),
    )
    if (isPlaced) failures.excuse(object)
    else if (errors[0]) failures.addWhole(object, { error: errors[0], keys: step.keys })
  }
}

/** So many errors of a request without a place are told at each of its objects, further ones once. */
const placelessMax = 10

async function runEntities(running: Running, { data, failures }: Merged, step: Step) {
  const client = variablesText(step, running.variables)
  const { entities: memory } = running.exchange
  const remembering = { memory, step, variables: client }
  const missing = step.parts.map((part) => missingOf(askedOf(part, data), remembering))
  const asked = missing.map((one) => one.asked)
  if (asked.every(({ representations }) => representations.length === 0)) return
  const sent = asked.map(
    ({ part, representations }) => `${part.opening}${representations.join(',')}]`,
  )
  const variables = client === '' ? sent.join(',') : `${sent.join(',')},${client}`
  const entities = asked.reduce((sum, { representations }) => sum + representations.length, 0)
  const body = `${step.opening}${variables}}}`
  const answer = await answerOf(running, step, { body, entities })
  for (const one of missing) one.keep(answer)
  for (const one of asked) takeEntities(one, answer)
  let placeless = 0
  for (const error of answer.errors)
    if (!error.path && placeless++ >= placelessMax) failures.addLoose(error)
    else failEntities(failures, asked, error)
  const [first] = answer.errors
  if (!answer.data && first)
    for (const { objects, part } of asked)
      for (const object of objects) failures.addWhole(object, { error: first, keys: part.keys })
}

function takeEntities({ part, objects, places }: Asked, { data }: Answer): void {
  const entities = data?.[part.alias]
  if (!Array.isArray(entities)) return
  for (const [index, object] of objects.entries()) {
    const entity: unknown = entities[places[index] ?? -1]
    if (isBranch(entity)) mergeInto(object, entity)
  }
}

/** An error of one entity concerns every place at which it stands. */
function failEntities(failures: Failures, asked: readonly Asked[], error: GraphQLError): void {
  const [alias, place, ...below] = error.path ?? []
  const told = asked.find(({ part }) => part.alias === alias)
  let isConcerned = false
  for (const { part, objects, places } of told ? [told] : asked) {
    const concerned = objects.filter(
      (_, index) => typeof place !== 'number' || places[index] === place,
    )
    isConcerned ||= concerned.length > 0
    for (const object of concerned) failures.add(object, { error, path: below, keys: part.keys })
  }
  if (!isConcerned) failures.addLoose(error)
}

/** The JSON of a request for root fields. */
export const bodyOf = (step: Step, variables: Variables): string =>
  `${step.opening}${variablesText(step, variables)}}}`

/** What the client gave, as it gave it; what it left out has its default in the document. */
function variablesText({ variables }: Step, given: Variables): string {
  let text = ''
  for (const { name, opening } of variables) {
    if (!Object.hasOwn(given, name)) continue
    text += `${text === '' ? '' : ','}${opening}${JSON.stringify(given[name])}`
  }
  return text
}

type Sent = { readonly body: string; readonly entities: number | null }

function answerOf(running: Running, step: Step, sent: Sent): Promise<Answer> {
  const { onFetched } = running.exchange
  return onFetched
    ? answerTold(running, step, { ...sent, onFetched })
    : answered(running, step, sent)
}

async function answered(running: Running, step: Step, { body }: Sent): Promise<Answer> {
  try {
    const text = await step.transport({ body, kind: step.kind }, running.exchange)
    if (typeof text === 'string') return readOf(text, running, step)
    throw new Error('A stream came where one answer was asked for.')
  } catch (cause) {
    return failed(cause)
  }
}

type Told = Sent & { readonly onFetched: (one: Fetched) => void }

async function answerTold(
  running: Running,
  step: Step,
  { onFetched, ...sent }: Told,
): Promise<Answer> {
  let bytes = 0
  const transport: Step['transport'] = async (...asked) => {
    const text = await step.transport(...asked)
    if (typeof text === 'string') bytes = Buffer.byteLength(text)
    return text
  }
  const startedAt = performance.now()
  const answer = await answered(running, { ...step, transport }, sent)
  onFetched({
    ...{ id: step.id, subgraph: step.subgraph, document: step.document },
    ...{ startedAt, endedAt: performance.now(), bytes, entities: sent.entities },
    status: statusOf(answer),
    data: answer.data,
  })
  return answer
}

function statusOf({ data, errors }: Answer): Fetched['status'] {
  if (!data) return 'failed'
  return errors.length > 0 ? 'partial' : 'ok'
}

function readOf(text: string, { errors }: Running, step: Step): Answer {
  try {
    const said = answerFrom(text, errors)
    const answer = step.renames ? underKeys(said, step, step.renames) : said
    if (answer.errors.length === 0) return answer
    const parsed = parse(step.document)
    return { ...answer, errors: answer.errors.map((error) => inClientWords(error, parsed)) }
  } catch (cause) {
    return failed(cause)
  }
}

function failed(cause: unknown): Answer {
  const originalError = cause instanceof Error ? cause : new Error(String(cause))
  return { data: null, errors: [new GraphQLError(originalError.message, { originalError })] }
}
